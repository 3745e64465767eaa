/** What readers receive while a service cannot be read or asks for a long wait, and afterwards: on both transports. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { fastForwardClock } from '../../support/fast-forward-clock.ts';
import { type GatewayParts, startGateway, type TestGateway } from '../../support/gateway.ts';
import {
  changesOf,
  cursorsOf,
  eventsOf,
  type LiveResult,
  openEvents,
  openSocket,
  outagesOf,
  stepsOf,
  until,
  watchJobs,
} from '../../support/live.ts';

type Kind = 'dataExchange' | 'importExport';

const services = [
  ['dataExchange', 'DataExchange.*', 'DATA_EXCHANGE'],
  ['importExport', 'ImportExport.*', 'IMPORT_EXPORT'],
] as const;

interface Reader {
  readonly results: () => readonly LiveResult[];
}

/** One reader on each transport. */
async function watchOnBoth(
  { url }: TestGateway,
  variables: Record<string, unknown>,
  query = watchJobs,
): Promise<readonly Reader[]> {
  const socket = await openSocket(url);
  socket.subscribe('s', query, variables);
  const stream = await openEvents(url, variables, {}, query);
  return [{ results: () => socket.resultsOf('s') }, stream];
}

async function setUp(kind: Kind, count: number, parts: GatewayParts = {}) {
  const gateway = await startGateway({}, parts);
  const awsJobIds = (await gateway.emulator.seed({ [kind]: count }))[kind];
  const type = kind === 'dataExchange' ? 'DataExchangeJob' : 'ImportExportJob';
  const ids = awsJobIds.map((awsJobId) => globalId(type, awsJobId));
  const readers = await watchOnBoth(gateway, { ids });
  await until(() => readers.every(({ results }) => results().length === count));
  return { gateway, awsJobIds, ids, readers };
}

const untilOutages = (readers: readonly Reader[], outages: number): Promise<void> =>
  until(() => readers.every(({ results }) => outagesOf(results()).length === outages), 20_000);

test.each(services)(
  'failing polls bring one JobsStale for all jobs, and one JobsFresh once the jobs are read, though nothing has changed: %s',
  async (kind, operation, service) => {
    const { gateway, ids, readers } = await setUp(kind, 3);
    await gateway.emulator.fail(operation, { status: 500 }, 2);
    await sleep(500);
    await untilOutages(readers, 0);
    const failedAt = Date.now();
    await gateway.emulator.fail(operation, { status: 500 }, 1_000);
    await untilOutages(readers, 1);
    const late = await watchOnBoth(gateway, { ids });
    await untilOutages(late, 1);
    await gateway.emulator.heal();
    await untilOutages([...readers, ...late], 2);
    await sleep(500);
    for (const { results } of [...readers, ...late]) {
      expect(outagesOf(results())).toEqual([`JobsStale ${service} all`, `JobsFresh ${service} all`]);
      expect(stepsOf(results())).toEqual(ids.map(() => 'null -> WAITING'));
    }
    const [stale] = eventsOf(readers[0]?.results() ?? []).filter(({ __typename: type }) => type === 'JobsStale');
    expect(Math.abs(Date.parse(stale?.since ?? '') - failedAt)).toBeLessThan(5_000);
  },
);

test.each(services)(
  'a reader that resumes from the cursor of an outage receives what was observed since, once, and is not stale: %s',
  async (kind, operation, service) => {
    const { gateway, awsJobIds, ids, readers } = await setUp(kind, 2);
    await gateway.emulator.fail(operation, { status: 500 }, 1_000);
    await untilOutages(readers, 1);
    const cursors = readers.map(({ results }) => cursorsOf(results()).at(-1));
    await gateway.emulator.heal();
    const change = kind === 'dataExchange' ? { state: 'COMPLETED' } : { progressCode: 'Complete' };
    await gateway.emulator.move(awsJobIds[0] ?? '', change);
    await untilOutages(readers, 2);
    await until(() => readers.every(({ results }) => changesOf(results()).length === 3));
    for (const { results } of readers)
      expect(outagesOf(results())).toEqual([`JobsStale ${service} all`, `JobsFresh ${service} all`]);
    const fresh = readers.map(({ results }) => cursorsOf(results()).at(-1));
    for (const after of cursors) {
      const back = await watchOnBoth(gateway, { ids, after });
      await until(() => back.every(({ results }) => results().length === 1));
      for (const { results } of back) expect(stepsOf(results())).toEqual(['WAITING -> COMPLETED']);
    }
    await gateway.emulator.move(awsJobIds[1] ?? '', change);
    for (const after of fresh) {
      const back = await watchOnBoth(gateway, { ids, after });
      await until(() => back.every(({ results }) => results().length === 1));
      for (const { results } of back) expect(stepsOf(results(), ids[1])).toEqual(['WAITING -> COMPLETED']);
    }
  },
);

test.each(services)(
  'a service that asks for a wait of more than a minute is stale at once: %s',
  async (kind, operation, service) => {
    const { gateway, ids, readers } = await setUp(kind, 3, { clock: fastForwardClock() });
    await gateway.emulator.fail(operation, { status: 503, headers: { 'retry-after': '90' } });
    await untilOutages(readers, 1);
    const late = await watchOnBoth(gateway, { ids });
    await untilOutages(late, 1);
    await untilOutages([...readers, ...late], 2);
    await sleep(500);
    for (const { results } of [...readers, ...late]) {
      expect(outagesOf(results())).toEqual([`JobsStale ${service} all`, `JobsFresh ${service} all`]);
      expect(stepsOf(results())).toEqual(ids.map(() => 'null -> WAITING'));
    }
  },
);

const activity = `subscription ($service: JobService!) {
  jobActivity(filter: { service: $service }) {
    __typename cursor ... on JobsStale { service ids since } ... on JobsFresh { service ids }
  }
}`;

test.each(services)(
  'a list that cannot be read is stale, and fresh again once it can: %s',
  async (kind, operation, service) => {
    const { gateway } = await setUp(kind, 1);
    const readers = await watchOnBoth(gateway, { service }, activity);
    await sleep(300);
    await gateway.emulator.fail(operation, { status: 500 }, 1_000);
    await untilOutages(readers, 1);
    const late = await watchOnBoth(gateway, { service }, activity);
    await untilOutages(late, 1);
    await gateway.emulator.heal();
    await untilOutages([...readers, ...late], 2);
    await sleep(500);
    for (const { results } of [...readers, ...late])
      expect(outagesOf(results())).toEqual([`JobsStale ${service} all`, `JobsFresh ${service} all`]);
  },
);

test('an outage adds no message to a socket but the JobsStale in its stream', async () => {
  const { gateway, ids } = await setUp('importExport', 1);
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids });
  await until(() => socket.resultsOf('s').length === 1);
  await gateway.emulator.fail('ImportExport.*', { status: 500 }, 1_000);
  await until(() => outagesOf(socket.resultsOf('s')).length === 1);
  expect(socket.frames.map(({ type }) => type)).toEqual(['connection_ack', 'next', 'next']);
});
