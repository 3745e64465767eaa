/** The events that a poller makes of a service's states, through the running gateway. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { scraped, startGateway, type TestGateway } from '../../support/gateway.ts';
import { eventsOf, openEvents, openSocket, stepsOf, until, watchJobs } from '../../support/live.ts';

async function seeded({ emulator }: TestGateway, service: 'dataExchange' | 'importExport', count = 1) {
  const awsJobIds = (await emulator.seed({ [service]: count }))[service];
  const type = service === 'dataExchange' ? 'DataExchangeJob' : 'ImportExportJob';
  return awsJobIds.map((awsJobId) => ({ awsJobId, id: globalId(type, awsJobId) }));
}

const legalPaths = [
  ['dataExchange', [{ state: 'CANCELLED' }], ['CANCELLED']],
  ...['COMPLETED', 'ERROR', 'TIMED_OUT'].map((state) => [
    'dataExchange',
    [{ state: 'IN_PROGRESS' }, { state }],
    ['IN_PROGRESS', state === 'ERROR' ? 'FAILED' : state],
  ]),
  ['importExport', [{ progressCode: 'Canceled' }], ['CANCELLED']],
  ['importExport', [{ progressCode: 'Expired' }], ['TIMED_OUT']],
  ...[
    ['Complete', 'COMPLETED'],
    ['SuccessWithErrors', 'COMPLETED_WITH_ERRORS'],
    ['DeviceError', 'FAILED'],
  ].map(([progressCode, state]) => [
    'importExport',
    [{ progressCode: 'InProgress', locationCode: 'AtAWS' }, { progressCode }],
    ['IN_PROGRESS', state],
  ]),
] as ['dataExchange' | 'importExport', Record<string, string>[], string[]][];

test.each(legalPaths)(
  '%s: %j brings %j, then the stream completes, on both transports',
  async (service, moves, states) => {
    const gateway = await startGateway();
    const [{ awsJobId, id } = { awsJobId: '', id: '' }] = await seeded(gateway, service);
    const socket = await openSocket(gateway.url);
    socket.subscribe('s', watchJobs, { ids: [id] });
    const stream = await openEvents(gateway.url, { ids: [id] });
    for (const [index, move] of moves.entries()) {
      await until(() => socket.resultsOf('s').length > index && stream.results().length > index);
      await gateway.emulator.move(awsJobId, move);
    }
    await until(() => socket.typesOf('s').at(-1) === 'complete');
    await stream.ended;
    const expected = ['WAITING', ...states].map((state, index, all) => `${all[index - 1] ?? null} -> ${state}`);
    expect(stepsOf(socket.resultsOf('s'))).toEqual(expected);
    expect(stepsOf(stream.results())).toEqual(expected);
    expect(stream.events().at(-1)?.event).toBe('complete');
    expect(socket.resultsOf('s').every(({ extensions }) => extensions === undefined)).toBe(true);
    expect(gateway.watcher.watchedJobs).toBe(0);
  },
);

test('steps back, unknown states and flapping are emitted and counted as anomalous, and none is lost', async () => {
  const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const [{ awsJobId, id } = { awsJobId: '', id: '' }] = await seeded(gateway, 'importExport');
  const socket = await openSocket(gateway.url);
  const stream = await openEvents(gateway.url, { ids: [id] });
  socket.subscribe('s', watchJobs, { ids: [id] });
  const codes = ['InProgress', 'Pending', 'InProgress', 'Pending', 'Levitating', 'InProgress', 'Complete'];
  for (const [index, progressCode] of codes.entries()) {
    await until(() => socket.resultsOf('s').length > index && stream.results().length > index);
    await gateway.emulator.move(awsJobId, { progressCode });
  }
  await until(() => socket.typesOf('s').at(-1) === 'complete');
  await stream.ended;
  for (const results of [socket.resultsOf('s'), stream.results()]) {
    expect(results.map((result) => [...stepsOf([result]), eventsOf([result])[0]?.isAnomalous])).toEqual([
      ['null -> WAITING', false],
      ['WAITING -> IN_PROGRESS', false],
      ['IN_PROGRESS -> WAITING', true],
      ['WAITING -> IN_PROGRESS', false],
      ['IN_PROGRESS -> WAITING', true],
      ['WAITING -> UNKNOWN', true],
      ['UNKNOWN -> IN_PROGRESS', false],
      ['IN_PROGRESS -> COMPLETED', false],
    ]);
  }
  const metrics = await scraped(gateway.metricsUrl);
  expect(metrics).toMatch(/^waybill_state_changes_total\{service="IMPORT_EXPORT",step="anomalous"\} 3$/m);
  expect(metrics).toMatch(/^waybill_state_changes_total\{service="IMPORT_EXPORT",step="known"\} 4$/m);
  expect(metrics).toMatch(
    /^waybill_upstream_unknown_values_total\{service="IMPORT_EXPORT",member="state"\} [1-9]\d*$/m,
  );
});

test('a Data Exchange job that is cancelled while it runs is emitted as anomalous', async () => {
  const gateway = await startGateway();
  const [{ awsJobId, id } = { awsJobId: '', id: '' }] = await seeded(gateway, 'dataExchange');
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids: [id] });
  for (const [index, state] of ['IN_PROGRESS', 'CANCELLED'].entries()) {
    await until(() => socket.resultsOf('s').length > index);
    await gateway.emulator.move(awsJobId, { state });
  }
  await until(() => socket.typesOf('s').at(-1) === 'complete');
  const odd = eventsOf(socket.resultsOf('s')).map(({ isAnomalous }) => isAnomalous);
  expect(odd).toEqual([false, false, true]);
});

test.each(['dataExchange', 'importExport'] as const)(
  'a job that is deleted brings one JobGone: %s',
  async (service) => {
    const gateway = await startGateway();
    const [gone, other] = await seeded(gateway, service, 2);
    const socket = await openSocket(gateway.url);
    socket.subscribe('s', watchJobs, { ids: [gone?.id, other?.id] });
    await until(() => socket.resultsOf('s').length === 2);
    await fetch(`${gateway.emulator.url}/_emulator/jobs/${gone?.awsJobId}`, { method: 'DELETE' });
    await until(() => socket.resultsOf('s').length === 3);
    await sleep(300);
    const move = service === 'dataExchange' ? { state: 'COMPLETED' } : { progressCode: 'Complete' };
    await gateway.emulator.move(other?.awsJobId ?? '', move);
    await until(() => socket.typesOf('s').at(-1) === 'complete');
    expect(socket.resultsOf('s').flatMap(({ errors = [] }) => errors)).toEqual([]);
    expect(eventsOf(socket.resultsOf('s')).filter(({ __typename: type }) => type === 'JobGone')).toEqual([
      {
        __typename: 'JobGone',
        cursor: expect.any(String),
        id: gone?.id,
        awsJobId: gone?.awsJobId,
        service: service === 'dataExchange' ? 'DATA_EXCHANGE' : 'IMPORT_EXPORT',
      },
    ]);
    expect(stepsOf(socket.resultsOf('s'), other?.id)).toEqual(['null -> WAITING', 'WAITING -> COMPLETED']);
    expect(gateway.watcher.watchedJobs).toBe(0);
  },
);

test('ExpiredJobIdException is the final state TIMED_OUT', async () => {
  const gateway = await startGateway();
  const [{ id } = { id: '' }] = await seeded(gateway, 'importExport');
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1);
  await gateway.emulator.fail('ImportExport.GetStatus', { status: 400, awsCode: 'ExpiredJobIdException' }, 5);
  await until(() => socket.typesOf('s').at(-1) === 'complete');
  expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> WAITING', 'WAITING -> TIMED_OUT']);
  expect(socket.resultsOf('s').flatMap(({ errors = [] }) => errors)).toEqual([]);
});

test.each([
  ['dataExchange', { state: 'COMPLETED' }, { 'DataExchange.GetJob': 1 }],
  ['importExport', { progressCode: 'Complete' }, { 'ImportExport.GetStatus': 1 }],
] as const)('a finished job takes one read, then the stream completes: %s', async (service, move, calls) => {
  const gateway = await startGateway();
  const [{ awsJobId, id } = { awsJobId: '', id: '' }] = await seeded(gateway, service);
  await gateway.emulator.move(awsJobId, move);
  await gateway.emulator.forgetRequests();
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.typesOf('s').at(-1) === 'complete');
  await sleep(500);
  expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> COMPLETED']);
  expect(await gateway.emulator.requests()).toEqual(calls);
  expect(gateway.watcher.watchedJobs).toBe(0);
});

test.each(['dataExchange', 'importExport'] as const)(
  'a cancellation is emitted at once, and once: %s',
  async (service) => {
    const hour = '3600000';
    const gateway = await startGateway({ WAYBILL_POLL_MIN_MS: hour, WAYBILL_POLL_MAX_MS: hour });
    const [{ id } = { id: '' }] = await seeded(gateway, service);
    const socket = await openSocket(gateway.url);
    socket.subscribe('s', watchJobs, { ids: [id] });
    await until(() => socket.resultsOf('s').length === 1);
    await gateway.ask('mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }', { id });
    await until(() => socket.typesOf('s').at(-1) === 'complete');
    expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> WAITING', 'WAITING -> CANCELLED']);
  },
);
