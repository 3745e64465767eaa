/** O09: errors that nobody foresaw, as many as come, and what the process writes of them. */
import { expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { ask } from '../../support/gateway.ts';

/** Loaded before the program: one id breaks what reads it. */
const fault = `const from = Buffer.from;
Buffer.from = (...given) => {
  if (given[0] === 'broken') throw new TypeError('planted');
  return from.apply(Buffer, given);
};`;

const errors = 1_500;
const atOnce = 10;

interface Line {
  readonly time?: string;
  readonly msg: string;
  readonly linesLeftOut?: number;
  readonly bytes: number;
}

function linesOf(gateway: ChildGateway): readonly Line[] {
  const lines = gateway.stderr().trimEnd().split('\n');
  return lines.map((line) => ({ ...(JSON.parse(line) as Line), bytes: Buffer.byteLength(line) + 1 }));
}

function leftOutOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { linesLeftOut = 0 }) => sum + linesLeftOut, 0);
}

test('O09 of thousands of errors as many are written as a second has room for, and each of the others is counted', {
  timeout: 60_000,
}, async () => {
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(fault)}`];
  const gateway = await startChildGateway({}, { nodeArgs });
  const codes = new Set<unknown>();
  let failed = 0;
  const fail = async (count: number): Promise<void> => {
    for (let asked = 0; asked < count; asked += 1) {
      const { errors: [error] = [] } = await ask(gateway.url, '{ job(id: "broken") { id } }');
      const code = error?.extensions?.['code'];
      codes.add(code);
      if (code === 'INTERNAL_SERVER_ERROR') failed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, () => fail(errors / atOnce)));
  // On a busy machine some are turned away before they can fail.
  codes.delete('OVERLOADED');
  expect(codes).toEqual(new Set(['INTERNAL_SERVER_ERROR']));
  // A line of the error, and one of its operation. What was left out in one second is told with the first line of another.
  const untold = async (): Promise<number> => {
    const lines = linesOf(gateway);
    const missing = 2 * failed - lines.filter(({ msg }) => msg !== 'log').length - leftOutOf(lines);
    if (missing > 0) await fail(1);
    return missing;
  };
  await expect.poll(untold, { timeout: 10_000, interval: 500 }).toBe(0);
  const lines = linesOf(gateway);
  expect(leftOutOf(lines)).toBeGreaterThan(0);
  const bytesBySecond = new Map<string, number>();
  for (const { time = 'none', bytes } of lines) {
    const second = time.slice(0, 19);
    bytesBySecond.set(second, (bytesBySecond.get(second) ?? 0) + bytes);
  }
  expect(Math.max(...bytesBySecond.values())).toBeLessThan(1_000_000);
});
