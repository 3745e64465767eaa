/** Many jobs of both services are cancelled at once; one that fails leaves the others alone. */
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/base/clock.ts';
import type { OperationRecord } from '../../../src/log/operation-record.ts';
import { globalId } from '../../support/examples.ts';
import { type Answer, field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { skippingClock } from '../../support/skipping-clock.ts';

const cancelJobs = `mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { results {
  job { id state }
  userErrors { code field awsCode }
  unavailableService { service code message retryAfterMs }
} } }`;

interface Result {
  readonly job: { readonly id: string; readonly state: string } | null;
  readonly userErrors: readonly unknown[];
  readonly unavailableService: { readonly service: string; readonly code: string; readonly message: string } | null;
}

/** No error stands beside the results. */
function resultsOf({ data, errors }: Answer): readonly Result[] {
  expect(errors).toBeUndefined();
  return field<{ results: readonly Result[] }>(data, 'cancelJobs').results;
}

async function seeded({ emulator }: TestGateway, dataExchange: number, importExport: number) {
  const seeds = await emulator.seed({ dataExchange, importExport });
  await emulator.forgetRequests();
  return {
    dataExchange: seeds.dataExchange.map((id) => globalId('DataExchangeJob', id)),
    importExport: seeds.importExport.map((id) => globalId('ImportExportJob', id)),
    awsIds: seeds,
  };
}

const cancelled = (id: string) => ({ job: { id, state: 'CANCELLED' }, userErrors: [], unavailableService: null });

test('Fifty jobs of both services are cancelled in the order asked, with a call each and one page read', async () => {
  const gateway = await startGateway();
  const { dataExchange, importExport } = await seeded(gateway, 25, 25);
  const ids = dataExchange.flatMap((id, index) => [id, importExport[index] ?? '']);
  expect(resultsOf(await gateway.ask(cancelJobs, { ids }))).toEqual(ids.map(cancelled));
  expect(await gateway.emulator.requests()).toEqual({
    'DataExchange.CancelJob': 25,
    'DataExchange.ListJobs': 1,
    'ImportExport.CancelJob': 25,
  });
});

test('An id that occurs twice is cancelled once and answered twice', async () => {
  const gateway = await startGateway();
  const { dataExchange, importExport } = await seeded(gateway, 1, 1);
  const [one = ''] = dataExchange;
  const [other = ''] = importExport;
  const ids = [one, other, one, other];
  expect(resultsOf(await gateway.ask(cancelJobs, { ids }))).toEqual(ids.map(cancelled));
  expect(await gateway.emulator.requests()).toEqual({
    'DataExchange.CancelJob': 1,
    'DataExchange.GetJob': 1,
    'ImportExport.CancelJob': 1,
  });
});

test('Each id that cannot be cancelled has its reason at its place, and the others are cancelled', async () => {
  const gateway = await startGateway();
  const { dataExchange, importExport, awsIds } = await seeded(gateway, 2, 2);
  await gateway.emulator.move(awsIds.dataExchange[1] ?? '', { state: 'COMPLETED' });
  await gateway.emulator.move(awsIds.importExport[1] ?? '', { progressCode: 'Complete' });
  const dataSet = Buffer.from('DataSet:00000000000000000000000000000000').toString('base64url');
  const ids = [
    'nonsense',
    dataExchange[0] ?? '',
    dataExchange[1] ?? '',
    dataSet,
    importExport[0] ?? '',
    importExport[1] ?? '',
    globalId('DataExchangeJob', 'f'.repeat(32)),
    globalId('ImportExportJob', 'ZZZZZ'),
    '',
  ];
  const refused = (code: string, place: number, awsCode: string | null = null) => ({
    job: null,
    userErrors: [{ code, field: ['ids', String(place)], awsCode }],
    unavailableService: null,
  });
  expect(resultsOf(await gateway.ask(cancelJobs, { ids }))).toEqual([
    refused('INVALID_ID', 0),
    cancelled(ids[1] ?? ''),
    refused('CONFLICT', 2, 'ConflictException'),
    refused('INVALID_ID', 3),
    cancelled(ids[4] ?? ''),
    refused('CONFLICT', 5, 'UnableToCancelJobIdException'),
    refused('NOT_FOUND', 6, 'ResourceNotFoundException'),
    refused('NOT_FOUND', 7, 'InvalidJobIdException'),
    refused('INVALID_ID', 8),
  ]);
});

test.each([0, 51])('%i ids are refused before any call', async (count) => {
  const gateway = await startGateway();
  await gateway.emulator.forgetRequests();
  const ids = Array(count).fill(globalId('ImportExportJob', 'ABCDE'));
  const { data, errors } = await gateway.ask(cancelJobs, { ids });
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    { message: 'The argument `ids` takes 1 to 50 ids.', extensions: { code: 'INVALID_INPUT', argument: 'ids' } },
  ]);
  expect(await gateway.emulator.requests()).toEqual({});
});

test.each([
  ['DataExchange', 'DATA_EXCHANGE'],
  ['ImportExport', 'IMPORT_EXPORT'],
] as const)(
  'While %s is down the jobs of the other service are cancelled, and the rest is told why',
  async (name, service) => {
    const gateway = await startGateway({}, { clock: skippingClock() });
    const { dataExchange, importExport } = await seeded(gateway, 20, 20);
    const [down, up] = name === 'DataExchange' ? [dataExchange, importExport] : [importExport, dataExchange];
    await gateway.emulator.fail(`${name}.*`, { status: 503 }, 1_000);
    const ids = [...down, ...up];
    const results = resultsOf(await gateway.ask(cancelJobs, { ids }));
    expect(results.slice(20)).toEqual(up.map(cancelled));
    for (const result of results.slice(0, 20)) {
      expect(result).toEqual({
        job: null,
        userErrors: [],
        unavailableService: expect.objectContaining({ service, code: 'UPSTREAM_UNAVAILABLE' }),
      });
    }
    expect((await gateway.emulator.requests())[`${name}.CancelJob`]).toBe(4);
    const messages = results.slice(0, 20).map(({ unavailableService }) => unavailableService?.message ?? '');
    expect(messages.filter((message) => message.endsWith('so it was not asked to cancel this one.'))).toHaveLength(16);
    // After ten failures the breaker is open.
    for (const _ of [2, 3]) await gateway.ask(cancelJobs, { ids: down });
    await gateway.emulator.forgetRequests();
    const again = resultsOf(await gateway.ask(cancelJobs, { ids: down }));
    expect(again.every(({ unavailableService }) => unavailableService?.code === 'UPSTREAM_UNAVAILABLE')).toBe(true);
    expect((await gateway.emulator.requests())[`${name}.CancelJob`] ?? 0).toBe(0);
  },
);

test('A service that throttles is not asked again for the rest, and says how long to wait', async () => {
  const gateway = await startGateway();
  const { importExport } = await seeded(gateway, 0, 30);
  await gateway.emulator.fail('ImportExport.CancelJob', { status: 429, headers: { 'retry-after': '7' } }, 1_000);
  const results = resultsOf(await gateway.ask(cancelJobs, { ids: importExport }));
  const throttled = expect.objectContaining({ code: 'UPSTREAM_THROTTLED', retryAfterMs: 7_000 });
  expect(results).toEqual(importExport.map(() => ({ job: null, userErrors: [], unavailableService: throttled })));
  expect((await gateway.emulator.requests())['ImportExport.CancelJob']).toBe(4);
});

test('A service that never answers is asked for four jobs and no more', async () => {
  const gateway = await startGateway();
  const { dataExchange, importExport } = await seeded(gateway, 12, 12);
  await gateway.emulator.fail('DataExchange.CancelJob', { never: true }, 12);
  const results = resultsOf(await gateway.ask(cancelJobs, { ids: [...dataExchange, ...importExport] }));
  expect(results.slice(12)).toEqual(importExport.map(cancelled));
  const timedOut = {
    job: null,
    userErrors: [],
    unavailableService: expect.objectContaining({ code: 'UPSTREAM_TIMEOUT' }),
  };
  expect(results.slice(0, 12)).toEqual(dataExchange.map(() => timedOut));
  expect((await gateway.emulator.requests())['DataExchange.CancelJob']).toBe(4);
});

/** The time of an operation is up when the test says so. */
function endableClock() {
  const real = skippingClock();
  const endings: (() => void)[] = [];
  const schedule: Clock['schedule'] = (callback, delayMs) => {
    if (delayMs !== 15_000) return real.schedule(callback, delayMs);
    endings.push(callback);
    return () => {};
  };
  const end = () => {
    for (const ending of endings) ending();
  };
  return { clock: { ...real, schedule }, end };
}

test('Once the time of the operation is up the rest is not asked for, and what was sent is answered', async () => {
  const { clock, end } = endableClock();
  const gateway = await startGateway({}, { clock });
  const { dataExchange, importExport } = await seeded(gateway, 8, 8);
  for (const service of ['DataExchange', 'ImportExport'])
    await gateway.emulator.fail(`${service}.CancelJob`, { delayMs: 2_000 }, 4);
  const answer = gateway.ask(cancelJobs, { ids: [...dataExchange, ...importExport] });
  const calls = { 'DataExchange.CancelJob': 4, 'ImportExport.CancelJob': 4 };
  await expect.poll(() => gateway.emulator.requests()).toEqual(calls);
  end();
  const results = resultsOf(await answer);
  const whyOf = ({ unavailableService }: Result) => unavailableService?.message ?? 'cancelled';
  expect(results.map(whyOf)).toEqual([
    ...Array(4).fill(expect.stringMatching(/^The job was cancelled, but could not be read again: /)),
    ...Array(4).fill('There was no time left to ask AWS Data Exchange.'),
    ...Array(4).fill('cancelled'),
    ...Array(4).fill('There was no time left to ask AWS Import/Export.'),
  ]);
  expect(await gateway.emulator.requests()).toEqual(calls);
});

test('A cancelled job that cannot be read again is said to be cancelled', async () => {
  const gateway = await startGateway();
  const { dataExchange } = await seeded(gateway, 1, 0);
  await gateway.emulator.fail('DataExchange.GetJob', { status: 503 }, 1_000);
  const [result] = resultsOf(await gateway.ask(cancelJobs, { ids: dataExchange }));
  expect(result).toMatchObject({ job: null, userErrors: [], unavailableService: { code: 'UPSTREAM_UNAVAILABLE' } });
  expect(result?.unavailableService?.message).toMatch(/^The job was cancelled, but could not be read again: /);
});

test('The cancelled states are in the history, and a watcher of the job learns of them', async () => {
  const gateway = await startGateway();
  const { dataExchange, importExport } = await seeded(gateway, 3, 1);
  const ids = [...dataExchange, ...importExport];
  await gateway.ask(cancelJobs, { ids });
  const { data } = await gateway.ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { history { nodes { state } } } } }',
    { ids },
  );
  const newest = field<{ history: { nodes: { state: string }[] } }[]>(data, 'nodes').map(
    ({ history }) => history.nodes[0],
  );
  expect(newest).toEqual(ids.map(() => ({ state: 'CANCELLED' })));
});

test('The log of the operation has the codes of the results', async () => {
  const records: OperationRecord[] = [];
  const gateway = await startGateway({}, { onOperation: (record) => records.push(record) });
  const { dataExchange } = await seeded(gateway, 1, 0);
  await gateway.emulator.fail('DataExchange.CancelJob', { status: 429 });
  resultsOf(await gateway.ask(cancelJobs, { ids: [...dataExchange, 'nonsense'] }));
  expect(records.at(-1)?.codes).toEqual(['UPSTREAM_THROTTLED', 'INVALID_ID']);
});
