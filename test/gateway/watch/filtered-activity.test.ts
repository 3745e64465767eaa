/** `jobActivity` with a filter: what changes into or out of it is delivered, and nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { globalId, manifests } from '../../support/examples.ts';
import { field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { eventsOf, openSocket, outagesOf, type RawSocket, stepsOf, until } from '../../support/live.ts';
import { created } from '../../support/manifests.ts';

const activity = `subscription ($filter: JobFilter, $after: String) {
  jobActivity(filter: $filter, after: $after) {
    __typename cursor
    ... on JobStateChange { previousState state job { id awsJobId } }
    ... on JobsStale { service ids since }
    ... on JobsFresh { service ids }
  }
}`;

const lists = { 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 1 };

/** Subscribes once for each filter, and waits for the `firstReads`, so that what comes now is new. */
async function watching(
  gateway: TestGateway,
  filters: Readonly<Record<string, object>>,
  firstReads: Readonly<Record<string, number>> = lists,
): Promise<RawSocket> {
  const socket = await openSocket(gateway.url);
  for (const [name, filter] of Object.entries(filters)) socket.subscribe(name, activity, { filter });
  for (const [operation, count] of Object.entries(firstReads)) {
    const reads = async () => (await gateway.emulator.requests())[operation] ?? 0;
    await expect.poll(reads, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
  }
  // Until the answers have arrived.
  await sleep(500);
  return socket;
}

const exchangeId = (awsJobId = '') => globalId('DataExchangeJob', awsJobId);
const diskId = (awsJobId = '') => globalId('ImportExportJob', awsJobId);

test('A change into the states of the filter and one out of them are delivered, and no other', async () => {
  const gateway = await startGateway();
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 1, importExport: 1 });
  const [exchange = '', disk = ''] = [dataExchange[0], importExport[0]];
  const socket = await watching(
    gateway,
    {
      running: { states: ['IN_PROGRESS'] },
      failed: { states: ['FAILED'] },
      all: {},
    },
    { ...lists, 'ImportExport.GetStatus': 1 },
  );
  const moved = async (id: string, awsId: string, state: object) => {
    const before = stepsOf(socket.resultsOf('all'), id).length;
    await gateway.emulator.move(awsId, { ...state });
    await until(() => stepsOf(socket.resultsOf('all'), id).length > before);
  };
  await moved(exchangeId(exchange), exchange, { state: 'IN_PROGRESS' });
  await moved(exchangeId(exchange), exchange, { state: 'ERROR' });
  await moved(diskId(disk), disk, { progressCode: 'InProgress' });
  await moved(diskId(disk), disk, { progressCode: 'Complete' });
  const steps = (name: string, id: string) => stepsOf(socket.resultsOf(name), id);
  expect(steps('running', exchangeId(exchange))).toEqual(['WAITING -> IN_PROGRESS', 'IN_PROGRESS -> FAILED']);
  expect(steps('running', diskId(disk))).toEqual(['WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED']);
  expect(steps('failed', exchangeId(exchange))).toEqual(['IN_PROGRESS -> FAILED']);
  expect(steps('failed', diskId(disk))).toEqual([]);
});

test('Types, directions, revisions and dates admit what they name, of jobs that appear and that change', async () => {
  const gateway = await startGateway();
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  // Import/Export shows whole seconds.
  const nextSecond = 1_000 * Math.ceil(Date.now() / 1_000);
  const now = new Date(nextSecond).toISOString();
  const revision = { dataSetId: demo.dataSetId, revisionId: demo.revisionId };
  const socket = await watching(gateway, {
    exports: { types: ['EXPORT_ASSETS_TO_S3'] },
    imports: { types: ['IMPORT_ASSETS_FROM_S3'] },
    revision,
    otherRevision: { ...revision, revisionId: demo.finalizedRevisionId },
    outgoing: { direction: 'EXPORT' },
    incoming: { direction: 'IMPORT' },
    later: { createdAfter: now },
    earlier: { createdBefore: now },
    all: {},
  });
  await until(() => Date.now() > nextSecond);
  await gateway.emulator.move(dataExchange[0] ?? '', { state: 'COMPLETED' });
  await created(gateway, manifests.exportFromS3);
  const query = '{ jobs(first: 1, filter: { direction: EXPORT }) { nodes { id } } }';
  const disk = field<{ nodes: { id: string }[] }>((await gateway.ask(query)).data, 'jobs').nodes[0]?.id ?? '';
  const exchange = exchangeId(dataExchange[0]);
  await until(
    () => stepsOf(socket.resultsOf('all'), disk).length > 0 && stepsOf(socket.resultsOf('all'), exchange).length > 0,
  );
  // A cancel answers neither the direction nor the date.
  await gateway.ask('mutation ($id: ID!) { cancelJob(id: $id) { userErrors { message } } }', { id: disk });
  await until(() => stepsOf(socket.resultsOf('all'), disk).length > 1);
  const steps = (name: string) => [exchange, disk].map((id) => stepsOf(socket.resultsOf(name), id));
  const done = ['WAITING -> COMPLETED'];
  const cancelled = ['null -> WAITING', 'WAITING -> CANCELLED'];
  expect(steps('all')).toEqual([done, cancelled]);
  expect(steps('exports')).toEqual([done, []]);
  expect(steps('imports')).toEqual([[], []]);
  expect(steps('revision')).toEqual([done, []]);
  expect(steps('otherRevision')).toEqual([[], []]);
  expect(steps('outgoing')).toEqual([[], cancelled]);
  expect(steps('incoming')).toEqual([[], []]);
  expect(steps('later')).toEqual([[], cancelled]);
  expect(steps('earlier')).toEqual([done, []]);
});

test('A cursor is a place in the log: it resumes under another filter, with what was missed of that', async () => {
  const gateway = await startGateway();
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 2, importExport: 1 });
  // Import/Export shows whole seconds: what is created in the same one as the stream counts as new.
  await sleep(1_000);
  const [first = '', second = ''] = dataExchange;
  const socket = await watching(gateway, { all: {} }, { ...lists, 'ImportExport.GetStatus': 1 });
  const stepsIn = (name: string) =>
    [first, second]
      .map((id) => stepsOf(socket.resultsOf(name), exchangeId(id)))
      .concat([stepsOf(socket.resultsOf(name), diskId(importExport[0]))]);
  await gateway.emulator.move(first, { state: 'IN_PROGRESS' });
  await until(() => stepsIn('all')[0]?.length === 1);
  const after = eventsOf(socket.resultsOf('all')).at(-1)?.cursor;
  await gateway.emulator.move(second, { state: 'COMPLETED' });
  await gateway.emulator.move(importExport[0] ?? '', { progressCode: 'Complete' });
  await until(() => stepsIn('all').every(({ length }) => length === 1));
  const filters = { done: { states: ['COMPLETED'] }, disks: { direction: 'IMPORT' }, failed: { states: ['FAILED'] } };
  for (const [name, filter] of Object.entries(filters)) socket.subscribe(name, activity, { filter, after });
  await until(() => stepsIn('done').flat().length === 2 && stepsIn('disks').flat().length === 1);
  const done = ['WAITING -> COMPLETED'];
  expect(stepsIn('done')).toEqual([[], done, done]);
  expect(stepsIn('disks')).toEqual([[], [], done]);
  expect(stepsIn('failed')).toEqual([[], [], []]);
});

test('An outage is delivered to the streams whose filter can admit jobs of the service', async () => {
  const gateway = await startGateway();
  const socket = await watching(gateway, {
    typed: { types: ['EXPORT_ASSETS_TO_S3'] },
    disks: { direction: 'IMPORT' },
    mixed: { states: ['FAILED'] },
    withErrors: { states: ['COMPLETED_WITH_ERRORS'] },
  });
  await gateway.emulator.fail('DataExchange.*', { status: 500 }, 10_000);
  const outages = (name: string) => outagesOf(socket.resultsOf(name));
  await until(() => outages('typed').length > 0 && outages('mixed').length > 0, 20_000);
  expect(outages('typed')).toEqual(['JobsStale DATA_EXCHANGE all']);
  expect(outages('mixed')).toEqual(['JobsStale DATA_EXCHANGE all']);
  expect(outages('disks')).toEqual([]);
  expect(outages('withErrors')).toEqual([]);
});

test('A new job of Import/Export is announced before the old ones have been read, however many there are', async () => {
  const gateway = await startGateway({ WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: '5' });
  const old = 200;
  await gateway.emulator.seed({ importExport: old });
  // As above.
  await sleep(1_000);
  const socket = await watching(gateway, { all: { service: 'IMPORT_EXPORT' } }, { 'ImportExport.ListJobs': 1 });
  await sleep(1_000);
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  const id = diskId(importExport[0]);
  await until(() => stepsOf(socket.resultsOf('all'), id).length > 0);
  const { 'ImportExport.GetStatus': reads = 0 } = await gateway.emulator.requests();
  expect(reads).toBeLessThan(old / 2);
});
