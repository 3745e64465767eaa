/** What one caller who asks for far too much leaves to another. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { codesOf, startGuarded } from '../../support/guarded-gateway.ts';
import { openEvents, stepsOf, until, watchJobs } from '../../support/live.ts';

const read = 'query ($id: ID!) { job(id: $id) { state } }';

/** What each caller may spend, and so asks: the other a hundred times of it. */
const fair = 10;
/** Fewer than one socket may have under way. */
const atOnce = 25;

test('beside a caller at a hundred times the rate the other has each answer and each event, at no call more', {
  timeout: 90_000,
}, async () => {
  const gateway = await startGuarded(
    { calm: ['jobs:read'], watcher: ['jobs:read'], loud: ['jobs:read'] },
    { WAYBILL_MAX_COST_PER_MINUTE: String(fair), WAYBILL_POLL_MIN_MS: '100' },
  );
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 1, importExport: 1 });
  const [watched = '', asked = ''] = [...dataExchange, ...importExport];
  const id = globalId('ImportExportJob', asked);
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
      for (let begun = 0; begun < 50 * fair; begun += atOnce) {
        const names = Array.from({ length: atOnce }, (_, place) => `s${begun + place}`);
        for (const name of names) socket.subscribe(name, read, { id });
        await until(() => names.every((name) => /^(?:complete|error)$/.test(socket.typesOf(name).at(-1) ?? '')));
      }
    })(),
  ]);
  const calm: unknown[] = [];
  for (let count = 0; count < fair; count += 1)
    calm.push(codesOf(await gateway.askAs('calm', read, { id }))[0] ?? 'answered');
  for (const state of ['IN_PROGRESS', 'COMPLETED']) {
    const told = stream.results().length;
    await gateway.emulator.move(watched, { state });
    await until(() => stream.results().length > told);
  }
  await Promise.all([flood, stream.ended]);

  expect(calm).toEqual(Array(fair).fill('answered'));
  expect(stepsOf(stream.results())).toEqual(['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED']);
  const overSocket = Array.from({ length: 50 * fair }, (_, count) => socket.resultsOf(`s${count}`)[0]);
  loud.push(...overSocket.map((result) => codesOf(result ?? { errors: [] })[0] ?? 'answered'));
  expect(new Set(loud)).toEqual(new Set(['answered', 'RATE_LIMITED']));
  // Its budget may have begun anew once, were the machine slow.
  expect(loud.filter((each) => each === 'answered').length).toBeLessThanOrEqual(2 * fair);
  const { 'ImportExport.GetStatus': reads = 0 } = await gateway.emulator.requests();
  expect(reads).toBeLessThanOrEqual(fair + loud.filter((each) => each === 'answered').length);
  expect(gateway.complaints).toEqual([]);
});

test('who is refused by one socket is refused by a second and by a stream', async () => {
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
