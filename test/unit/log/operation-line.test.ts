import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog } from '../../../src/log/log.ts';
import type { OperationRecord } from '../../../src/log/operation-record.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { secrets } from '../../support/planted-secrets.ts';

const name = fc.oneof(
  fc.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,63}$/),
  // Names that have the form of a secret.
  fc.constantFrom(
    'wbt_abcdef',
    `AKIA${'ABCD1234'.repeat(2)}`,
    'eyJhbGciOiJIUzI1NiJ9',
    'secret',
    '__proto__',
    'toString',
  ),
  fc.constantFrom(...secrets.map(({ value }) => value)),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

const digest = fc.stringMatching(/^[0-9a-f]{16}$/);

const records: fc.Arbitrary<OperationRecord> = fc.record(
  {
    transport: fc.constantFrom('http', 'sse', 'websocket'),
    durationMs: fc.nat(),
    codes: fc.array(fc.oneof(fc.constantFrom('FORBIDDEN', 'INTERNAL_SERVER_ERROR', 'RATE_LIMITED'), name), {
      maxLength: 8,
    }),
    events: fc.nat(),
    operation: name,
    kind: fc.constantFrom('mutation', 'query', 'subscription'),
    document: digest,
    cost: fc.nat(),
    caller: digest,
  },
  { requiredKeys: ['transport', 'durationMs', 'codes'] },
);

/** In the order in which the operation log gives them. */
function ordered({ transport, events, operation, kind, durationMs, codes, document, cost, caller }: OperationRecord) {
  return JSON.parse(
    JSON.stringify({ transport, events, operation, kind, durationMs, codes, document, cost, caller }),
  ) as OperationRecord;
}

test('the line of an operation is the line that the logger writes of its record', async () => {
  const lines: string[] = [];
  const clock = new FakeClock();
  const log = createLog({ level: 'info', clock, write: (line) => lines.push(line) });
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      const record = ordered(given);
      await clock.advance(1_000);
      lines.length = 0;
      log.operation(record);
      if (record.codes.includes('INTERNAL_SERVER_ERROR')) log.logger.warn(record, 'operation');
      else log.logger.info(record, 'operation');
      expect(lines).toHaveLength(2);
      expect(lines[0]).toBe(lines[1]);
    }),
    { numRuns: 500 },
  );
});

test.each(['silent', 'error'] as const)('at the level %s no operation is written', (level) => {
  const lines: string[] = [];
  const log = createLog({ level, clock: new FakeClock(), write: (line) => lines.push(line) });
  log.operation({ transport: 'http', durationMs: 1, codes: ['INTERNAL_SERVER_ERROR'] });
  expect(lines).toEqual([]);
});

test('at the level warn only the operations with an unexpected error are written', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', clock: new FakeClock(), write: (line) => lines.push(line) });
  log.operation({ transport: 'http', durationMs: 1, codes: [] });
  log.operation({ transport: 'http', durationMs: 2, codes: ['INTERNAL_SERVER_ERROR'] });
  expect(lines.map((line) => JSON.parse(line).durationMs)).toEqual([2]);
});
