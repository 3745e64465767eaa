/** A caller who sends far too much does not affect another. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { codesOf, startGuarded } from '../../support/guarded-gateway.ts';
import { openEvents, stepsOf, until, watchJobs } from '../../support/live.ts';

const read = 'query ($id: ID!) { job(id: $id) { state } }';

/** The points of each caller; the other sends a hundred times as many operations. */
const fair = 10;
/** Fewer than the operations that one socket may run concurrently. */
const atOnce = 25;

test('While one caller sends a hundred times the rate another gets every answer and event, and the services get no further calls', {
  timeout: 90_000,
}, async () => {
  const gateway = await startGuarded(
    { calm: ['jobs:read'], watcher: ['jobs:read'], loud: ['jobs:read'] },
    { WAYBILL_MAX_COST_PER_MINUTE: String(fair), WAYBILL_POLL_MIN_MS: '100' },
  );
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 1, importExport: 1 });
  const [watched = '', queried = ''] = [...dataExchange, ...importExport];
  const id = globalId('ImportExportJob', queried);
  const stream = await gateway.eventsOf('watcher', watchJobs, { ids: [globalId('DataExchangeJob', watched)] });
  const socket = await gateway.socketOf('loud');
  await until(() => stream.results().length === 1);
  await gateway.emulator.forgetRequests();

  const loud: unknown[] = [];
  const flood = Promise.all([
    ...Array.from({ length: atOnce }, async () => {
      for (let count = 0; count < (50 * fair) / atOnce; count += 1)
        loud.push(codesOf(await gateway.askAs('loud', read, { id }))[0] ?? 'answered');
    }),
    (async () => {
      for (let started = 0; started < 50 * fair; started += atOnce) {
        const names = Array.from({ length: atOnce }, (_, index) => `s${started + index}`);
        for (const name of names) socket.subscribe(name, read, { id });
        await until(() => names.every((name) => /^(?:complete|error)$/.test(socket.typesOf(name).at(-1) ?? '')));
      }
    })(),
  ]);
  const calm: unknown[] = [];
  for (let count = 0; count < fair; count += 1)
    calm.push(codesOf(await gateway.askAs('calm', read, { id }))[0] ?? 'answered');
  for (const state of ['IN_PROGRESS', 'COMPLETED']) {
    const before = stream.results().length;
    await gateway.emulator.move(watched, { state });
    await until(() => stream.results().length > before);
  }
  await Promise.all([flood, stream.ended]);

  expect(calm).toEqual(Array(fair).fill('answered'));
  expect(stepsOf(stream.results())).toEqual(['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED']);
  const overSocket = Array.from({ length: 50 * fair }, (_, count) => socket.resultsOf(`s${count}`)[0]);
  loud.push(...overSocket.map((result) => codesOf(result ?? { errors: [] })[0] ?? 'answered'));
  expect(new Set(loud)).toEqual(new Set(['answered', 'RATE_LIMITED']));
  // On a slow machine its budget may have been renewed once.
  expect(loud.filter((each) => each === 'answered').length).toBeLessThanOrEqual(2 * fair);
  const { 'ImportExport.GetStatus': reads = 0 } = await gateway.emulator.requests();
  expect(reads).toBeLessThanOrEqual(fair + loud.filter((each) => each === 'answered').length);
  expect(gateway.complaints).toEqual([]);
});

test('A caller who is refused over HTTP is refused over a socket and a stream', async () => {
  const gateway = await startGuarded({ loud: ['jobs:read'] }, { WAYBILL_MAX_COST_PER_MINUTE: '5' });
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  const ids = importExport.map((awsJobId) => globalId('ImportExportJob', awsJobId));
  const [id] = ids;
  const spend = async (): Promise<unknown> => codesOf(await gateway.askAs('loud', read, { id }))[0];
  while ((await spend()) === undefined);
  const socket = await gateway.socketOf('loud');
  socket.subscribe('s', watchJobs, { ids });
  await until(() => socket.typesOf('s').includes('complete'));
  expect(socket.resultsOf('s').flatMap(codesOf)).toEqual(['RATE_LIMITED']);
  const authorization = `Bearer ${gateway.tokenOf('loud')}`;
  const stream = await openEvents(gateway.url, { ids }, { authorization });
  await stream.ended;
  expect(stream.results().flatMap(codesOf)).toEqual(['RATE_LIMITED']);
  expect(gateway.watcher.watchedJobs).toBe(0);
});
