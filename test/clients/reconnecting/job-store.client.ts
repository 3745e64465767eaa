/** Jobs that keep themselves up to date: what a store shows is what a fresh list would. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { resumable } from 'waybill-client';
import { type JobStore, type JobStoreOptions, jobStore } from 'waybill-client/store';
import type { EmulatorControl } from '../../support/emulator-control.ts';
import { quick, webSocketClient } from './libraries.ts';
import { RoughProxy } from './rough-proxy.ts';
import { type Ask, askOf, oneGateway, type World } from './worlds.ts';

const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 20_000, interval: 20 });

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
}

interface Shop {
  readonly world: World;
  readonly emulator: EmulatorControl;
  readonly proxy: RoughProxy;
  readonly ask: Ask;
  /** A store over the proxy, with a listener until the test ends. */
  readonly open: (options?: JobStoreOptions) => JobStore;
}

async function start(env: Readonly<Record<string, string>> = {}): Promise<Shop> {
  const { random } = Math;
  vi.spyOn(Math, 'random').mockImplementation(() => random() / 10);
  const world = await oneGateway(env);
  const proxy = await RoughProxy.start(world.port);
  const client = resumable(webSocketClient(proxy.url), quick);
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await client.dispose();
    proxy.close();
  });
  return {
    world,
    emulator: world.emulator,
    proxy,
    ask: askOf(world),
    open: (options) => {
      const store = jobStore(client, options);
      onTestFinished(store.subscribe(() => {}));
      return store;
    },
  };
}

async function listed(ask: Ask, filter: object | null = null): Promise<readonly Listed[]> {
  const nodes: Listed[] = [];
  for (let after: string | null = null, hasNextPage = true; hasNextPage; ) {
    const { jobs } = (await ask(
      `query ($after: String, $filter: JobFilter) { jobs(first: 100, after: $after, filter: $filter) {
        nodes { id state createdAt } pageInfo { hasNextPage endCursor } } }`,
      { after, filter },
    )) as { jobs: { nodes: Listed[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
    nodes.push(...jobs.nodes);
    hasNextPage = jobs.pageInfo.hasNextPage;
    after = jobs.pageInfo.endCursor;
  }
  return nodes;
}

const idAndState = ({ id, state }: Listed): string => `${id} ${state}`;

/** What the store shows is what a list has, as far back as the store has read. */
async function agrees(store: JobStore, ask: Ask, filter: object | null = null): Promise<void> {
  const compared = async () => {
    const jobs = store.getSnapshot();
    const shown = [...jobs.values()];
    const oldest = store.state.getSnapshot().hasMore ? (shown.at(-1)?.createdAt ?? '') : '';
    // Others of the same moment may be on the next page.
    const fresh = (await listed(ask, filter)).filter(({ id, createdAt }) => createdAt > oldest || jobs.has(id));
    return [fresh.map(idAndState).toSorted(), shown.map(idAndState).toSorted()];
  };
  await eventually(async () => {
    const [fresh, shown] = await compared();
    return JSON.stringify(fresh) === JSON.stringify(shown);
  })
    .toBe(true)
    .catch(async () => {
      const [fresh, shown] = await compared();
      expect(shown).toEqual(fresh);
    });
  const dates = [...store.getSnapshot().values()].map(({ createdAt }) => createdAt);
  expect(dates).toEqual(dates.toSorted().toReversed());
}

function idFrom(awsJobId: string): string {
  const type = awsJobId.length > 10 ? 'DataExchangeJob' : 'ImportExportJob';
  return Buffer.from(`${type}:${awsJobId}`).toString('base64url');
}

const states = ['WAITING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'ERROR'];

test('after random moves, creates and cuts every store agrees with a fresh list', { timeout: 60_000 }, async () => {
  const { world, emulator, proxy, ask, open } = await start();
  const { dataExchange: jobs } = await emulator.seed({ dataExchange: 12, importExport: 3 });
  const running = { states: ['WAITING', 'IN_PROGRESS'] };
  const [all, some, board] = [open(), open({ first: 5 }), open({ filter: running })];
  await eventually(() => all.state.getSnapshot().isLoaded && some.state.getSnapshot().isLoaded).toBe(true);
  const pick = (list: readonly string[]): string => list[Math.floor(Math.random() * 10 * list.length)] ?? '';
  for (let round = 0; round < 40; round += 1) {
    const job = pick(jobs);
    const state = pick(round < 30 ? states.slice(0, 2) : states);
    await emulator.move(job, { state }).catch(() => {});
    if (round % 8 === 3) jobs.push(...(await emulator.seed({ dataExchange: 1 })).dataExchange);
    if (round % 10 === 5) void some.loadMore();
    if (round % 13 === 6) proxy.cut('rst');
    if (round % 13 === 9) proxy.stall();
    if (round === 20) await world.replace('SIGKILL');
    await sleep(30);
  }
  await agrees(all, ask);
  await agrees(some, ask);
  await agrees(board, ask, running);
  for (const store of [all, some, board]) expect(store.state.getSnapshot().error).toBeUndefined();
  for (let guard = 0; some.state.getSnapshot().hasMore && guard < 20; guard += 1) await some.loadMore();
  expect([...some.getSnapshot().keys()].toSorted()).toEqual([...all.getSnapshot().keys()].toSorted());
});

test('a job enters and leaves a board by its state', async () => {
  const { emulator, open, ask } = await start();
  const { dataExchange } = await emulator.seed({ dataExchange: 2 });
  const [first = ''] = dataExchange;
  const filter = { states: ['IN_PROGRESS'] };
  const board = open({ filter });
  const all = open();
  await eventually(() => [board, all].every(({ state }) => state.getSnapshot().isLoaded)).toBe(true);
  await emulator.move(first, { state: 'IN_PROGRESS' });
  await eventually(() => board.getSnapshot().has(idFrom(first))).toBe(true);
  await emulator.move(first, { state: 'COMPLETED' });
  await eventually(() => board.getSnapshot().has(idFrom(first))).toBe(false);
  await eventually(() => all.getSnapshot().get(idFrom(first))?.state).toBe('COMPLETED');
  await agrees(board, ask, filter);
});

test('while nothing changes the map and its jobs are the same; a change replaces one job, and tells whoever asks', async () => {
  const { emulator, open, proxy } = await start();
  const { dataExchange } = await emulator.seed({ dataExchange: 3 });
  const [first = ''] = dataExchange;
  const store = open();
  await eventually(() => store.getSnapshot().size).toBeGreaterThanOrEqual(3);
  await sleep(300);
  const before = store.getSnapshot();
  let told = 0;
  onTestFinished(store.subscribe(() => (told += 1)));
  proxy.cut('rst');
  await sleep(500);
  expect([store.getSnapshot() === before, told]).toEqual([true, 0]);
  await emulator.move(first, { state: 'IN_PROGRESS' });
  await eventually(() => store.getSnapshot().get(idFrom(first))?.state).toBe('IN_PROGRESS');
  const after = store.getSnapshot();
  const same = [...after].filter(([id, job]) => before.get(id) === job).map(([id]) => id);
  expect(same).toHaveLength(before.size - 1);
  expect([after === before, told]).toEqual([false, 1]);
});

test('behind a gateway that has lost its log a store reads its pages again, and keeps the jobs that are the same', async () => {
  const { world, emulator, open, ask } = await start();
  const { dataExchange } = await emulator.seed({ dataExchange: 8 });
  const [first = ''] = dataExchange;
  const store = open({ first: 4 });
  await eventually(() => store.state.getSnapshot().hasMore).toBe(true);
  await store.loadMore();
  await eventually(() => store.getSnapshot().size).toBe(8);
  const before = store.getSnapshot();
  await world.replace('SIGTERM', true);
  const moved = [...before.keys()].includes(idFrom(first)) ? first : '';
  await emulator.move(moved, { state: 'IN_PROGRESS' });
  await eventually(() => store.getSnapshot().get(idFrom(first))?.state).toBe('IN_PROGRESS');
  await agrees(store, ask);
  const same = [...store.getSnapshot()].filter(([id, job]) => before.get(id) === job);
  expect([store.getSnapshot().size, same.length]).toEqual([8, 7]);
});

test('a store of ids shows them all, lets go of one that the service removes, and ends with the last of them', async () => {
  const { emulator, open, proxy } = await start();
  const { dataExchange } = await emulator.seed({ dataExchange: 2 });
  const ids = dataExchange.map(idFrom);
  const [store, twin] = [open({ ids }), open({ ids })];
  await eventually(() => [store.state.getSnapshot().isLoaded, twin.state.getSnapshot().isLoaded]).toEqual([true, true]);
  expect(ids.map((id) => store.getSnapshot().get(id)?.state)).toEqual(['WAITING', 'WAITING']);
  proxy.cut('fin');
  const [gone = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
  const third = open({ ids: [...ids, idFrom(gone)] });
  await eventually(() => third.getSnapshot().size).toBe(3);
  await fetch(`${emulator.url}/_emulator/jobs/${gone}`, { method: 'DELETE' });
  await eventually(() => third.getSnapshot().size).toBe(2);
  for (const awsJobId of dataExchange) await emulator.move(awsJobId, { state: 'COMPLETED' });
  const finished = (jobs: JobStore) => ids.map((id) => jobs.getSnapshot().get(id)?.isFinished);
  await eventually(() => [finished(store), finished(twin)]).toEqual([
    [true, true],
    [true, true],
  ]);
  expect(store.state.getSnapshot()).toEqual({
    isLoaded: true,
    hasMore: false,
    unavailableServices: [],
    error: undefined,
  });
});

test('a store without listeners stops reading after a second, and goes on where it was', async () => {
  const { emulator, open, proxy, ask } = await start();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [first = ''] = dataExchange;
  const store = open();
  const lists: number[] = [];
  store.state.subscribe(() => lists.push(store.getSnapshot().size));
  await eventually(() => store.state.getSnapshot().isLoaded).toBe(true);
  // As React's strict mode does: what was subscribed to is left, and at once subscribed to again.
  const strict = store.subscribe(() => {});
  strict();
  strict();
  store.subscribe(() => {})();
  await sleep(1_300);
  expect(proxy.open).toBe(1);
  expect(lists).toHaveLength(1);
  await emulator.move(first, { state: 'IN_PROGRESS' });
  await agrees(store, ask);
});

test('a store that nobody listens to closes its stream, and brings what it missed', async () => {
  const { emulator, world, ask } = await start();
  const client = resumable(webSocketClient(`http://127.0.0.1:${world.port()}/graphql`), quick);
  onTestFinished(() => client.dispose());
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [first = ''] = dataExchange;
  const store = jobStore(client);
  const leave = store.subscribe(() => {});
  await eventually(() => store.state.getSnapshot().isLoaded).toBe(true);
  // The list may have had a connection of its own.
  await sleep(1_000);
  let closed = 0;
  client.on('closed', () => (closed += 1));
  leave();
  await eventually(() => closed).toBe(1);
  await emulator.move(first, { state: 'IN_PROGRESS' });
  onTestFinished(store.subscribe(() => {}));
  await agrees(store, ask);
});

test('while a service cannot be listed its jobs stay, and the store lists again', { timeout: 40_000 }, async () => {
  // The ten seconds until then are one.
  const { setTimeout: original } = globalThis;
  const hurried = (callback: () => void, delayMs = 0) => original(callback, delayMs === 10_000 ? 1_000 : delayMs);
  vi.stubGlobal('setTimeout', hurried);
  onTestFinished(() => void vi.unstubAllGlobals());
  const { emulator, open, ask, world } = await start();
  await emulator.seed({ dataExchange: 1, importExport: 1 });
  await emulator.fail('ImportExport.ListJobs', { status: 400, awsCode: 'InvalidAccessKeyId' }, 1_000);
  const store = open();
  await eventually(() => store.state.getSnapshot().isLoaded).toBe(true);
  const services = () => new Set([...store.getSnapshot().values()].map(({ service }) => service));
  expect(services()).toEqual(new Set(['DATA_EXCHANGE']));
  await emulator.heal();
  await eventually(() => services().size).toBe(2);
  await agrees(store, ask);
  expect(world.port()).toBeGreaterThan(0);
});
