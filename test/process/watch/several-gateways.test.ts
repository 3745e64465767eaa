/** What readers of several gateways are told, whatever becomes of Redis, of clocks and of the readers themselves. */
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
  newsOf,
  openSocket,
  outagesOf,
  type RawSocket,
  stepsOf,
  until,
  watchJobs,
} from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';

const codes = ['InProgress', 'Pending'];
const states = ['IN_PROGRESS', 'WAITING'];

/** A job of Import/Export, which may go back and forth, and its global id. */
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

/** The first event of each job, once it has come. */
const presentsOf = (socket: RawSocket): readonly Change[] =>
  socket
    .resultsOf('s')
    .flatMap(({ data }) => Object.values(data ?? {}))
    .filter(({ previousState }) => previousState === null);

/** The test may look into a cursor; a client may not. */
function offsetIn(cursor: string): number {
  const [payload = ''] = cursor.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { offset: number }).offset;
}

/** What the shared log holds, oldest first. */
async function logOf({ redis }: GatewayCluster) {
  const entries = await redis.client().xrange(redisKeys.entries, '-', '+');
  return entries.map(([id, fields]) => {
    const { job, to }: { job: JobRef; to: JobState } = JSON.parse(fields.at(-1) ?? '{}');
    const kind = job.service === 'DATA_EXCHANGE' ? 'DataExchangeJob' : 'ImportExportJob';
    return { offset: Number.parseInt(id, 10), id: globalId(kind, job.awsJobId), to };
  });
}

const isComplete = (socket: RawSocket): boolean => socket.typesOf('s').at(-1) === 'complete';

/** Each of `changes` follows the one before it, from the present state. */
function expectChain(steps: readonly string[], first = 'null'): void {
  let before = first;
  for (const step of steps) {
    const [from, to = ''] = step.split(' -> ');
    expect([step, from]).toEqual([step, before]);
    before = to;
  }
}

// Without Debian's redis-server these are left out: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('several gateways over one Redis', () => {
  test('a job is read by one of them, as often as if there were no other', { timeout: 30_000 }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(3);
    const { id } = await seeded(cluster);
    const sockets = await Promise.all(servers.map((server) => watch(server, id)));
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
    await sleep(2_000);
    await cluster.emulator.forgetRequests();
    await sleep(3_000);
    const { 'ImportExport.GetStatus': calls = 0 } = await cluster.emulator.requests();
    // Every 300 ms, less a few for the machine; three gateways by themselves would make thirty.
    expect(calls).toBeGreaterThan(4);
    expect(calls).toBeLessThan(13);
  });

  test('a job that is deleted is told as gone once for the readers of each', { timeout: 30_000 }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(3);
    const { id, awsJobId } = await seeded(cluster);
    const sockets = await Promise.all(servers.map((server) => watch(server, id)));
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
    await fetch(`${cluster.emulator.url}/_emulator/jobs/${awsJobId}`, { method: 'DELETE' });
    await until(() => sockets.every(isComplete));
    for (const socket of sockets) expect(newsOf(socket.resultsOf('s'))).toEqual(['JobGone']);
  });

  test('failing polls of the one that reads are told by each: stale once for all jobs, and fresh once, though none has changed', {
    timeout: 30_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(3);
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

  test('a list that cannot be read is told by each as stale activity, and as fresh again', {
    timeout: 30_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
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

  test('activity is swept by one, and told by each', { timeout: 30_000 }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
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

  test('a stream begins with what the shared log knew last at its cursor, on each, whichever of them reads', {
    timeout: 60_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(3);
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

  test('Redis away, then back: nothing is told meanwhile, the streams stay open, and all is told once', {
    timeout: 40_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
    const { id, awsJobId } = await seeded(cluster);
    const sockets = await Promise.all(servers.map((server) => watch(server, id)));
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
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

  test('a full Redis and one that is two seconds late: as if it were away', { timeout: 40_000 }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
    const { id, awsJobId } = await seeded(cluster);
    const sockets = await Promise.all(servers.map((server) => watch(server, id)));
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
    const client = cluster.redis.client();
    await client.config('SET', 'maxmemory', '1');
    await cluster.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await until(() => sockets.every((socket) => outagesOf(socket.resultsOf('s')).length > 0), 15_000);
    expect(sockets.map((socket) => changesOf(socket.resultsOf('s')).length)).toEqual([1, 1]);
    await client.config('SET', 'maxmemory', '0');
    await until(() => sockets.every((socket) => changesOf(socket.resultsOf('s')).length === 2), 15_000);
    for (const progressCode of ['Pending', 'InProgress', 'Complete']) {
      const told = changesOf(sockets[0]?.resultsOf('s') ?? []).length;
      cluster.redis.pause();
      await cluster.emulator.move(awsJobId, { progressCode });
      await sleep(2_000);
      cluster.redis.resume();
      await until(() => sockets.every((socket) => changesOf(socket.resultsOf('s')).length > told), 15_000);
    }
    await until(() => sockets.every(isComplete));
    for (const socket of sockets) {
      expectChain(stepsOf(socket.resultsOf('s')));
      expect(stepsOf(socket.resultsOf('s'))).toHaveLength(5);
    }
  });

  test('after a Redis that lost its last moments readers begin anew, and no cursor from there is taken for a good one', {
    timeout: 40_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
    const { id, awsJobId } = await seeded(cluster);
    const sockets = await Promise.all(servers.map((server) => watch(server, id)));
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
    const older = await cluster.copy();
    await cluster.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 2));
    const [lost = ''] = cursorsOf(sockets[0]?.resultsOf('s') ?? []).slice(1);
    await cluster.restartFrom(older);
    await until(() => sockets.every((socket) => newsOf(socket.resultsOf('s')).includes('JobEventsMissed')), 15_000);
    const [first, second] = servers;
    if (first === undefined || second === undefined) throw new Error('expected two gateways');
    const late = await watch(second, id, lost);
    await until(() => late.resultsOf('s').length === 2);
    await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    await until(() => [...sockets, late].every(isComplete));
    expect(newsOf(late.resultsOf('s'))).toEqual(['JobEventsMissed']);
    expect(stepsOf(late.resultsOf('s'))).toEqual(['null -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED']);
    for (const socket of sockets) {
      const steps = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'null -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];
      expect(stepsOf(socket.resultsOf('s'))).toEqual(steps);
      expect(newsOf(socket.resultsOf('s'))).toEqual(['JobEventsMissed']);
    }
  });

  test('after a Redis was emptied under its gateways readers begin anew, and all is told once, by each', {
    timeout: 40_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
    const { id, awsJobId } = await seeded(cluster);
    const sockets = await Promise.all(servers.map((server) => watch(server, id)));
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
    const [lost] = cursorsOf(sockets[0]?.resultsOf('s') ?? []);
    await cluster.redis.client().flushall();
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 3), 15_000);
    // As a balancer asks; the store writes something, and its secret with it.
    const asked = await Promise.all(servers.map(({ url }) => fetch(new URL('/readyz', url))));
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
    servers.push(await cluster.startServer());
    const [first, second, third] = servers;
    if (first === undefined || second === undefined || third === undefined) throw new Error('expected three gateways');
    const late = await watch(second, id, lost);
    await until(() => late.resultsOf('s').length === 2);
    const hopping = await watch(first, id);
    await until(() => hopping.resultsOf('s').length === 1);
    hopping.socket.terminate();
    const hopped = await watch(third, id, cursorsOf(hopping.resultsOf('s'))[0]);
    await cluster.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 4));
    await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    await until(() => [...sockets, late, hopped].every(isComplete));
    const again = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];
    for (const socket of sockets) {
      expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> WAITING', ...again]);
      expect(newsOf(socket.resultsOf('s'))).toEqual(['JobEventsMissed']);
    }
    expect([stepsOf(late.resultsOf('s')), newsOf(late.resultsOf('s'))]).toEqual([again, ['JobEventsMissed']]);
    expect([stepsOf(hopped.resultsOf('s')), newsOf(hopped.resultsOf('s'))]).toEqual([again.slice(1), []]);
  });

  test.each([3_600_000, -3_600_000])(
    'the clock of one is off by %d ms: leases and order do not mind',
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
        const told = sockets[0]?.resultsOf('s').length ?? 0;
        await until(() => sockets.every((socket) => socket.resultsOf('s').length >= Math.max(1, told)));
        const before = sockets.map((socket) => socket.resultsOf('s').length);
        for (const { awsJobId } of jobs) await cluster.emulator.move(awsJobId, { progressCode });
        await until(() => sockets.every((socket, place) => socket.resultsOf('s').length > (before[place] ?? 0)));
      }
      await until(() => sockets.every(isComplete));
      const steps = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> WAITING', 'WAITING -> COMPLETED'];
      for (const socket of sockets) expect(stepsOf(socket.resultsOf('s'))).toEqual(steps);
      expect(await cluster.holderOf('IMPORT_EXPORT')).toBe(holder);
    },
  );

  test('a reader that hops between two misses nothing, is told nothing twice, and nothing out of turn', {
    timeout: 60_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
    const { id, awsJobId } = await seeded(cluster);
    const [first] = servers;
    if (first === undefined) throw new Error('expected a gateway');
    const stays = await watch(first, id);
    await until(() => stays.resultsOf('s').length === 1);
    const hopped: LiveResult[] = [];
    let hops = 0;
    const arriving = await watch(first, id);
    await until(() => arriving.resultsOf('s').length === 1);
    arriving.socket.terminate();
    hopped.push(...arriving.resultsOf('s'));
    const moving = (async () => {
      for (let round = 0; round < 40; round += 1) {
        const told = stays.resultsOf('s').length;
        await cluster.emulator.move(awsJobId, { progressCode: codes[round % 2], locationCode: 'AtAWS' });
        await until(() => stays.resultsOf('s').length > told);
      }
      await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    })();
    for (let isOver = false; !isOver; hops += 1) {
      const server = servers[hops % 2] ?? first;
      const after = cursorsOf(hopped).at(-1);
      const socket = await watch(server, id, after);
      // At any moment: before the first event, amid them, after the last.
      const deadline = systemClock.monotonicMs() + Math.random() * 600;
      while (!isComplete(socket) && systemClock.monotonicMs() < deadline) await sleep(5);
      socket.socket.terminate();
      hopped.push(...socket.resultsOf('s'));
      isOver = isComplete(socket);
    }
    await moving;
    await until(() => isComplete(stays));
    expect(hops).toBeGreaterThan(2);
    expect(newsOf(hopped)).toEqual([]);
    expect(stepsOf(hopped)).toEqual(stepsOf(stays.resultsOf('s')));
    expect(stepsOf(hopped).slice(1, 3)).toEqual([`WAITING -> ${states[0]}`, `${states[0]} -> ${states[1]}`]);
    expect(await cluster.entries()).toBe(hopped.length);
  });
});
