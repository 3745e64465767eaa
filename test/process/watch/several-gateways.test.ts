/** What readers of several gateways receive when Redis, clocks or the readers themselves fail. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunningServer } from '../../../src/app/server.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Clock } from '../../../src/base/clock.ts';
import type { JobRef, JobState } from '../../../src/model/job-state.ts';
import { redisKeys } from '../../../src/watch/cluster/redis-keys.ts';
import { globalId } from '../../support/examples.ts';
import { GatewayCluster } from '../../support/gateway-cluster.ts';
import {
  type Change,
  changesOf,
  cursorsOf,
  type LiveResult,
  openSocket,
  otherEventsOf,
  outagesOf,
  type RawSocket,
  stepsOf,
  until,
  watchJobs,
} from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';

const codes = ['InProgress', 'Pending'];
const states = ['IN_PROGRESS', 'WAITING'];

/** An Import/Export job, which may go back and forth, and its global id. */
async function seeded({ emulator }: GatewayCluster) {
  const [awsJobId = ''] = (await emulator.seed({ importExport: 1 })).importExport;
  return { awsJobId, id: globalId('ImportExportJob', awsJobId) };
}

async function watch(server: RunningServer, id: string, after?: string): Promise<RawSocket> {
  return watchAll(server, [id], after);
}

async function watchAll(server: RunningServer, ids: readonly string[], after?: string): Promise<RawSocket> {
  const socket = await openSocket(server.url);
  socket.subscribe('s', watchJobs, { ids, ...(after && { after }) });
  return socket;
}

/** Gateways over one Redis that know of each other. */
async function start(count: number) {
  const cluster = await GatewayCluster.start();
  const servers: RunningServer[] = [];
  for (let index = 0; index < count; index += 1) servers.push(await cluster.startServer());
  await cluster.joined(count);
  return { cluster, servers };
}

/** As `start`, with a reader of one job at each gateway. */
async function startAndWatch(count: number) {
  const { cluster, servers } = await start(count);
  const { id, awsJobId } = await seeded(cluster);
  const sockets = await Promise.all(servers.map((server) => watch(server, id)));
  await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
  return { cluster, servers, sockets, id, awsJobId };
}

/** The first event of each job, once it has come. */
const presentsOf = (socket: RawSocket): readonly Change[] =>
  socket
    .resultsOf('s')
    .flatMap(({ data }) => Object.values(data ?? {}))
    .filter(({ previousState }) => previousState === null);

/** The test may read a cursor's payload; clients may not. */
function offsetIn(cursor: string): number {
  const [payload = ''] = cursor.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { offset: number }).offset;
}

/** The entries of the shared log, oldest first. */
async function logOf({ redis }: GatewayCluster) {
  const entries = await redis.client().xrange(redisKeys.entries, '-', '+');
  return entries.map(([id, fields]) => {
    const { job, to }: { job: JobRef; to: JobState } = JSON.parse(fields.at(-1) ?? '{}');
    const kind = job.service === 'DATA_EXCHANGE' ? 'DataExchangeJob' : 'ImportExportJob';
    return { offset: Number.parseInt(id, 10), id: globalId(kind, job.awsJobId), to };
  });
}

const isComplete = (socket: RawSocket): boolean => socket.typesOf('s').at(-1) === 'complete';

/** Expects that each step begins with the state that the one before ended with. */
function expectChain(steps: readonly string[], first = 'null'): void {
  let before = first;
  for (const step of steps) {
    const [from, to = ''] = step.split(' -> ');
    expect([step, from]).toEqual([step, before]);
    before = to;
  }
}

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('several gateways over one Redis', () => {
  test('a job is read by one of three gateways, as often as by a single gateway', { timeout: 30_000 }, async () => {
    const { cluster } = await startAndWatch(3);
    await sleep(2_000);
    await cluster.emulator.forgetRequests();
    await sleep(3_000);
    const { 'ImportExport.GetStatus': calls = 0 } = await cluster.emulator.requests();
    // Every 300 ms, less a few on a slow machine; three separate gateways would make thirty.
    expect(calls).toBeGreaterThan(4);
    expect(calls).toBeLessThan(13);
  });

  test('a deleted job brings one JobGone to the readers of each gateway', { timeout: 30_000 }, async () => {
    const { cluster, sockets, awsJobId } = await startAndWatch(3);
    await fetch(`${cluster.emulator.url}/_emulator/jobs/${awsJobId}`, { method: 'DELETE' });
    await until(() => sockets.every(isComplete));
    for (const socket of sockets) expect(otherEventsOf(socket.resultsOf('s'))).toEqual(['JobGone']);
  });

  test('failing polls bring one JobsStale and one JobsFresh for all jobs to the readers of each gateway', {
    timeout: 30_000,
  }, async () => {
    const { cluster, servers } = await start(3);
    const { importExport } = await cluster.emulator.seed({ importExport: 3 });
    const ids = importExport.map((awsJobId) => globalId('ImportExportJob', awsJobId));
    const sockets = await Promise.all(servers.map((server) => watchAll(server, ids)));
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 3));
    await cluster.emulator.fail('ImportExport.*', { status: 500 }, 1_000);
    await until(() => sockets.every((socket) => outagesOf(socket.resultsOf('s')).length === 1));
    const late = await Promise.all(servers.map((server) => watchAll(server, ids)));
    await until(() => late.every((socket) => outagesOf(socket.resultsOf('s')).length === 1));
    await cluster.emulator.heal();
    const all = [...sockets, ...late];
    await until(() => all.every((socket) => outagesOf(socket.resultsOf('s')).length === 2), 20_000);
    await sleep(1_000);
    for (const socket of all) {
      expect(outagesOf(socket.resultsOf('s'))).toEqual(['JobsStale IMPORT_EXPORT all', 'JobsFresh IMPORT_EXPORT all']);
      expect(stepsOf(socket.resultsOf('s'))).toEqual(ids.map(() => 'null -> WAITING'));
    }
  });

  test('a list that cannot be read makes activity stale in each gateway, and fresh again afterwards', {
    timeout: 30_000,
  }, async () => {
    const { cluster, servers } = await start(2);
    const query =
      'subscription { jobActivity { __typename cursor ... on JobsStale { service ids } ... on JobsFresh { service ids } } }';
    const sockets = await Promise.all(servers.map(({ url }) => openSocket(url)));
    for (const socket of sockets) socket.subscribe('s', query);
    await sleep(1_000);
    await cluster.emulator.fail('DataExchange.*', { status: 500 }, 1_000);
    await until(() => sockets.every((socket) => outagesOf(socket.resultsOf('s')).length === 1));
    const late = await Promise.all(servers.map(({ url }) => openSocket(url)));
    for (const socket of late) socket.subscribe('s', query);
    await until(() => late.every((socket) => outagesOf(socket.resultsOf('s')).length === 1));
    await cluster.emulator.heal();
    const all = [...sockets, ...late];
    await until(() => all.every((socket) => outagesOf(socket.resultsOf('s')).length === 2), 20_000);
    await sleep(1_000);
    for (const socket of all)
      expect(outagesOf(socket.resultsOf('s'))).toEqual(['JobsStale DATA_EXCHANGE all', 'JobsFresh DATA_EXCHANGE all']);
  });

  test('activity is swept by one gateway and emitted by each', { timeout: 30_000 }, async () => {
    const { cluster, servers } = await start(2);
    const query =
      'subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { cursor ... on JobStateChange { previousState state job { id state isFinished } } } }';
    const sockets = await Promise.all(servers.map(({ url }) => openSocket(url)));
    for (const socket of sockets) socket.subscribe('s', query);
    await sleep(1_500);
    const { dataExchange } = await cluster.emulator.seed({ dataExchange: 2 });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 2));
    for (const awsJobId of dataExchange) await cluster.emulator.move(awsJobId, { state: 'COMPLETED' });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 4));
    await sleep(1_000);
    const [one, two] = sockets.map((socket) => stepsOf(socket.resultsOf('s')));
    expect(one?.toSorted()).toEqual([
      'WAITING -> COMPLETED',
      'WAITING -> COMPLETED',
      'null -> WAITING',
      'null -> WAITING',
    ]);
    expect(two).toEqual(one);
  });

  test('a stream begins in each gateway with the last state that the shared log has at its cursor', {
    timeout: 60_000,
  }, async () => {
    const { cluster, servers } = await start(3);
    const { importExport, dataExchange } = await cluster.emulator.seed({ importExport: 6, dataExchange: 6 });
    const ids = [
      ...importExport.map((awsJobId) => globalId('ImportExportJob', awsJobId)),
      ...dataExchange.map((awsJobId) => globalId('DataExchangeJob', awsJobId)),
    ];
    const beginAll = async (): Promise<readonly Change[]> => {
      const sockets = await Promise.all(servers.map((server) => watchAll(server, ids)));
      await until(() => sockets.every((socket) => presentsOf(socket).length === ids.length));
      for (const { socket } of sockets) socket.terminate();
      return sockets.flatMap(presentsOf);
    };
    let isMoving = true;
    const moving = (async () => {
      for (let round = 0; round < 8; round += 1) {
        for (const awsJobId of importExport)
          await cluster.emulator.move(awsJobId, { progressCode: codes[round % 2], locationCode: 'AtAWS' });
        for (const awsJobId of dataExchange) await cluster.emulator.move(awsJobId, { state: states[round % 2] });
        await sleep(150);
      }
      isMoving = false;
    })();
    const begun: Change[] = [];
    while (isMoving) begun.push(...(await beginAll()));
    await moving;
    const last = await beginAll();
    const log = await logOf(cluster);
    for (const { state, cursor, job } of [...begun, ...last]) {
      const known = log.filter(({ id, offset }) => id === job.id && offset <= offsetIn(cursor)).at(-1);
      expect([job.id, state]).toEqual([job.id, known?.to]);
    }
    expect(last.map(({ state }) => state)).toEqual(last.map(() => 'WAITING'));
  });

  test('while Redis is down nothing is emitted and streams stay open, and afterwards each change is emitted once', {
    timeout: 40_000,
  }, async () => {
    const { cluster, sockets, awsJobId } = await startAndWatch(2);
    await cluster.redis.kill();
    await cluster.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await until(() => sockets.every((socket) => outagesOf(socket.resultsOf('s')).length > 0), 15_000);
    expect(sockets.map((socket) => changesOf(socket.resultsOf('s')).length)).toEqual([1, 1]);
    await cluster.redis.restart();
    await until(() => sockets.every((socket) => changesOf(socket.resultsOf('s')).length === 2), 15_000);
    await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    await until(() => sockets.every(isComplete));
    const all = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];
    for (const socket of sockets) {
      expect(stepsOf(socket.resultsOf('s'))).toEqual(all);
      expect(outagesOf(socket.resultsOf('s'))).toEqual(['JobsStale IMPORT_EXPORT all', 'JobsFresh IMPORT_EXPORT all']);
    }
  });

  test('a full Redis, and one that answers two seconds late, have the effect of one that is down', {
    timeout: 40_000,
  }, async () => {
    const { cluster, sockets, awsJobId } = await startAndWatch(2);
    const client = cluster.redis.client();
    await client.config('SET', 'maxmemory', '1');
    await cluster.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await until(() => sockets.every((socket) => outagesOf(socket.resultsOf('s')).length > 0), 15_000);
    expect(sockets.map((socket) => changesOf(socket.resultsOf('s')).length)).toEqual([1, 1]);
    await client.config('SET', 'maxmemory', '0');
    await until(() => sockets.every((socket) => changesOf(socket.resultsOf('s')).length === 2), 15_000);
    for (const progressCode of ['Pending', 'InProgress', 'Complete']) {
      const emitted = changesOf(sockets[0]?.resultsOf('s') ?? []).length;
      cluster.redis.pause();
      await cluster.emulator.move(awsJobId, { progressCode });
      await sleep(2_000);
      cluster.redis.resume();
      await until(() => sockets.every((socket) => changesOf(socket.resultsOf('s')).length > emitted), 15_000);
    }
    await until(() => sockets.every(isComplete));
    for (const socket of sockets) {
      expectChain(stepsOf(socket.resultsOf('s')));
      expect(stepsOf(socket.resultsOf('s'))).toHaveLength(5);
    }
  });

  test('after Redis has lost its last writes readers receive JobEventsMissed, and no lost cursor is accepted', {
    timeout: 40_000,
  }, async () => {
    const { cluster, servers, sockets, id, awsJobId } = await startAndWatch(2);
    const older = await cluster.copy();
    await cluster.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 2));
    const [lost = ''] = cursorsOf(sockets[0]?.resultsOf('s') ?? []).slice(1);
    await cluster.restartFrom(older);
    await until(
      () => sockets.every((socket) => otherEventsOf(socket.resultsOf('s')).includes('JobEventsMissed')),
      15_000,
    );
    const [first, second] = servers;
    if (first === undefined || second === undefined) throw new Error('expected two gateways');
    const late = await watch(second, id, lost);
    await until(() => late.resultsOf('s').length === 2);
    await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    await until(() => [...sockets, late].every(isComplete));
    expect(otherEventsOf(late.resultsOf('s'))).toEqual(['JobEventsMissed']);
    expect(stepsOf(late.resultsOf('s'))).toEqual(['null -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED']);
    for (const socket of sockets) {
      const steps = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'null -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];
      expect(stepsOf(socket.resultsOf('s'))).toEqual(steps);
      expect(otherEventsOf(socket.resultsOf('s'))).toEqual(['JobEventsMissed']);
    }
  });

  test('after a running Redis was emptied readers receive JobEventsMissed, and each gateway emits each change once', {
    timeout: 40_000,
  }, async () => {
    const { cluster, servers, sockets, id, awsJobId } = await startAndWatch(2);
    const [lost] = cursorsOf(sockets[0]?.resultsOf('s') ?? []);
    await cluster.redis.client().flushall();
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 3), 15_000);
    // As a load balancer does; the store then writes its secret again.
    const asked = await Promise.all(servers.map(({ url }) => fetch(new URL('/readyz', url))));
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
    servers.push(await cluster.startServer());
    const [first, second, third] = servers;
    if (first === undefined || second === undefined || third === undefined) throw new Error('expected three gateways');
    const late = await watch(second, id, lost);
    await until(() => late.resultsOf('s').length === 2);
    const leaving = await watch(first, id);
    await until(() => leaving.resultsOf('s').length === 1);
    leaving.socket.terminate();
    const resumed = await watch(third, id, cursorsOf(leaving.resultsOf('s'))[0]);
    await cluster.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 4));
    await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    await until(() => [...sockets, late, resumed].every(isComplete));
    const again = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];
    for (const socket of sockets) {
      expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> WAITING', ...again]);
      expect(otherEventsOf(socket.resultsOf('s'))).toEqual(['JobEventsMissed']);
    }
    expect([stepsOf(late.resultsOf('s')), otherEventsOf(late.resultsOf('s'))]).toEqual([again, ['JobEventsMissed']]);
    expect([stepsOf(resumed.resultsOf('s')), otherEventsOf(resumed.resultsOf('s'))]).toEqual([again.slice(1), []]);
  });

  test.each([3_600_000, -3_600_000])(
    'a clock that is off by %d ms changes neither leases nor the order of events',
    { timeout: 30_000 },
    async (offMs) => {
      const cluster = await GatewayCluster.start();
      const off: Clock = { ...systemClock, now: () => Date.now() + offMs };
      const servers = [await cluster.startServer(), await cluster.startServer(off)];
      await cluster.joined(2);
      const jobs = await Promise.all(Array.from({ length: 16 }, () => seeded(cluster)));
      const holder = await cluster.holderOf('IMPORT_EXPORT');
      const sockets = await Promise.all(jobs.flatMap(({ id }) => servers.map((server) => watch(server, id))));
      for (const progressCode of ['InProgress', 'Pending', 'Complete']) {
        const emitted = sockets[0]?.resultsOf('s').length ?? 0;
        await until(() => sockets.every((socket) => socket.resultsOf('s').length >= Math.max(1, emitted)));
        const before = sockets.map((socket) => socket.resultsOf('s').length);
        for (const { awsJobId } of jobs) await cluster.emulator.move(awsJobId, { progressCode });
        await until(() => sockets.every((socket, index) => socket.resultsOf('s').length > (before[index] ?? 0)));
      }
      await until(() => sockets.every(isComplete));
      const steps = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> WAITING', 'WAITING -> COMPLETED'];
      for (const socket of sockets) expect(stepsOf(socket.resultsOf('s'))).toEqual(steps);
      expect(await cluster.holderOf('IMPORT_EXPORT')).toBe(holder);
    },
  );

  test('a reader that moves between two gateways receives each event once and in order', {
    timeout: 60_000,
  }, async () => {
    const { cluster, servers } = await start(2);
    const { id, awsJobId } = await seeded(cluster);
    const [first] = servers;
    if (first === undefined) throw new Error('expected a gateway');
    const stays = await watch(first, id);
    await until(() => stays.resultsOf('s').length === 1);
    const resumed: LiveResult[] = [];
    let hops = 0;
    const arriving = await watch(first, id);
    await until(() => arriving.resultsOf('s').length === 1);
    arriving.socket.terminate();
    resumed.push(...arriving.resultsOf('s'));
    const moving = (async () => {
      for (let round = 0; round < 40; round += 1) {
        const emitted = stays.resultsOf('s').length;
        await cluster.emulator.move(awsJobId, { progressCode: codes[round % 2], locationCode: 'AtAWS' });
        await until(() => stays.resultsOf('s').length > emitted);
      }
      await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    })();
    for (let isOver = false; !isOver; hops += 1) {
      const server = servers[hops % 2] ?? first;
      const after = cursorsOf(resumed).at(-1);
      const socket = await watch(server, id, after);
      // At any time: before the first event, between two, after the last.
      const deadline = systemClock.monotonicMs() + Math.random() * 600;
      while (!isComplete(socket) && systemClock.monotonicMs() < deadline) await sleep(5);
      socket.socket.terminate();
      resumed.push(...socket.resultsOf('s'));
      isOver = isComplete(socket);
    }
    await moving;
    await until(() => isComplete(stays));
    expect(hops).toBeGreaterThan(2);
    expect(otherEventsOf(resumed)).toEqual([]);
    expect(stepsOf(resumed)).toEqual(stepsOf(stays.resultsOf('s')));
    expect(stepsOf(resumed).slice(1, 3)).toEqual([`WAITING -> ${states[0]}`, `${states[0]} -> ${states[1]}`]);
    expect(await cluster.entries()).toBe(resumed.length);
  });
});
