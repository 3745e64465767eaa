/** The race's arithmetic, and whether its documents ask what the schemas have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema, getVariableValues, Kind, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { assertAgreement } from '../../../bench/race/agreement.ts';
import { median, medians, ratiosToBestPeer } from '../../../bench/race/arithmetic.ts';
import { documents, hiveDocuments } from '../../../bench/race/documents.ts';
import { figuresOf } from '../../../bench/race/figures.ts';
import { typeDefs } from '../../../bench/race/peers/src/sdl.ts';
import { tableOf } from '../../../bench/race/row-table.ts';
import { rows } from '../../../bench/race/rows.ts';
import { drawn, forHive, withoutKey } from '../../../bench/race/variables.ts';

const ids = Array.from({ length: 300 }, (_, index) =>
  Buffer.from(`DataExchangeJob:${String(index).padStart(32, '0')}`).toString('base64url'),
);

const schemas = {
  Waybill: buildSchema(readFileSync(join(import.meta.dirname, '..', '..', '..', 'schema.graphql'), 'utf8')),
  'its peers': buildSchema(typeDefs),
};

/** What the variables of `document` may not be. */
function variableFaults(schema: GraphQLSchema, document: string, variables: object): readonly string[] {
  const [operation] = parse(document).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('expected an operation, received none');
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
  return errors.map(({ message }) => message);
}

describe.each(Object.entries(schemas))('%s', (_, schema) => {
  test.each(Object.entries(documents))('has all that the document %s asks for', (_, document) => {
    expect(validate(schema, parse(document))).toEqual([]);
  });

  test.each(rows)('takes the variables of row $number', ({ operation, variables }) => {
    const requests = variables(ids);
    expect(requests.length).toBeGreaterThan(0);
    // Those of a row are alike but for their ids.
    for (const request of requests.slice(0, 3).flatMap((each) => [each, withoutKey(each)]))
      expect(variableFaults(schema, documents[operation], request)).toEqual([]);
  });
});

test('every row has a number of its own', () => {
  expect(rows.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('only requests for jobs by a list of ids, and of both services, are beyond Hive Gateway', () => {
  const beyond = Object.keys(documents).filter((name) => !(name in hiveDocuments));
  expect(beyond).toEqual(['Nodes', 'BothServices']);
});

test("Hive Gateway is asked for the service's own ids", () => {
  expect(forHive({ id: ids[7] ?? '' })).toEqual({ id: '00000000000000000000000000000007' });
});

test('of 32 reads under way about a quarter ask for a job that another one asks for', () => {
  const requests = drawn(ids.slice(0, 110), 2_000).map((each) => JSON.stringify(each));
  const shared = requests.filter((request, index) => requests.slice(Math.max(0, index - 31), index).includes(request));
  expect(shared.length / requests.length).toBeGreaterThan(0.2);
  expect(shared.length / requests.length).toBeLessThan(0.3);
});

test('the median is the middle value, and of an even number the mean of the middle two', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7]), median([])]).toEqual([2, 2.5, 7, null]);
});

test('each figure has a median of its own, over the rounds that have it', () => {
  const rounds = [{ rate: 10, p99: 5 }, { rate: 30, p99: null }, { rate: 20 }];
  expect(medians(rounds)).toMatchObject({ rate: 20, p99: 5, cpu: null });
});

test('ratios are to the cheapest peer, which neither Waybill nor the floor is', () => {
  const costs = [
    { isPeer: false, cpuMs: 3 },
    { isPeer: true, cpuMs: 4 },
    { isPeer: true, cpuMs: 2 },
    { isPeer: true, cpuMs: null },
    { isPeer: false, cpuMs: 1 },
  ];
  expect(ratiosToBestPeer(costs)).toEqual([1.5, 2, 1, null, 0.5]);
  expect(ratiosToBestPeer([{ isPeer: false, cpuMs: 3 }])).toEqual([null]);
});

const readings = { serverCpuMs: 300, emulatorCpuMs: 500, elapsedMs: 1_000, calls: 30 };

test('processor time and calls are shared out over what was answered', () => {
  const report = {
    tookMs: new Float64Array(100).fill(2),
    failures: { 'status 503': 300 },
    durationMs: 500,
    cpuMs: 100,
  };
  expect(figuresOf(report, readings)).toEqual({
    rate: 200,
    cpu: 3,
    p50: 2,
    p99: 2,
    calls: 0.3,
    refused: 75,
    failed: 0,
    peak: null,
    generator: 20,
    emulator: 50,
  });
});

test('in excess, what is answered after the patience of its caller counts as failed', () => {
  const report = { tookMs: Float64Array.of(10, 1_000, 1_001, 9_000), failures: {}, durationMs: 3_000, cpuMs: 0 };
  const excess = { patienceMs: 1_000, sentForMs: 1_000, peak: 5 };
  expect(figuresOf(report, readings, excess)).toMatchObject({ rate: 2, failed: 50, refused: 0, peak: 5, p99: 1_000 });
});

test('where nothing was answered there is no processor time of a request', () => {
  const report = { tookMs: new Float64Array(), failures: { 'status 500': 1 }, durationMs: 1_000, cpuMs: 0 };
  expect(figuresOf(report, readings)).toMatchObject({ rate: 0, cpu: null, p50: null, calls: null, failed: 100 });
});

test('a table says who has no such answer, what failed, and where the generator was busy', () => {
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row, received none');
  const cell = { isPeer: true, rounds: [], tookMs: 0, loadBefore: 0 };
  const figures = { rate: 1_234.5, cpu: 0.512, p50: 3, p99: 12.34, calls: 0, refused: 0, failed: 0, generator: 95 };
  const cells = [
    { ...cell, contender: 'fast', rounds: [{ figures, failures: {} }] },
    { ...cell, contender: 'slow', isPeer: false, rounds: [{ figures: { rate: 9, cpu: 1.024 }, failures: {} }] },
    { ...cell, contender: 'absent', absence: 'it has no such field' },
    { ...cell, contender: 'ended', failure: 'it has ended with 1' },
  ];
  expect(tableOf(row, cells)).toMatchInlineSnapshot(`
    "
    1  { __typename }, 32 connections
              answered /s  CPU a request ms  p50 ms  p99 ms  CPU ÷ best peer
      fast *        1,235              0.51       3    12.3                1
      slow              9              1.02       -       -                2
      absent  n/a: it has no such field
      ended   ! it has ended with 1
      * the generator took more than 90 % of a core, and may have limited the rate"
  `);
});

describe('an answer', () => {
  const job = { id: 'global', awsJobId: 'a', state: 'WAITING' };

  test('may hold more than Waybill says', () => {
    expect(() => assertAgreement([job], [{ ...job, __typename: 'DataExchangeJob' }])).not.toThrow();
  });

  test('may differ in the fields that are other facts there', () => {
    expect(() => assertAgreement([job], [{ ...job, id: 'a' }], ['id'])).not.toThrow();
  });

  test.each([
    { what: 'another value', actual: [{ ...job, state: 'COMPLETED' }] },
    { what: 'no value', actual: [{ id: 'global', awsJobId: 'a' }] },
    { what: 'a job less', actual: [] },
    { what: 'a job more', actual: [job, job] },
  ])('is refused with $what', ({ actual }) => {
    expect(() => assertAgreement([job], actual)).toThrow(/^expected .+, received .+$/);
  });
});
