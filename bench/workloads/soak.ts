/** The gateway under load for long, while its services fail in every way: what it loses, and what it does not let go of. */
import { join } from 'node:path';
import { AskedProcess } from '../harness/asked-process.ts';
import { counted, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import type { World } from '../harness/world.ts';
import { failNowAndThen } from '../soak/fault-mix.ts';
import { MovingJobs } from '../soak/moving-jobs.ts';
import { phasesOf, recoveryMs } from '../soak/phases.ts';
import type { RequestReport } from '../soak/request-figures.ts';
import type { RequestsCommand } from '../soak/requests-process.ts';
import { soakMetrics } from '../soak/soak-metrics.ts';
import { type Sample, sampleOf } from '../soak/vitals-series.ts';
import type { WatchersCommand, WatchersReport } from '../soak/watchers-process.ts';

export interface Soak {
  readonly durationMs: number;
  readonly requestsPerSecond: number;
  readonly sockets: number;
  readonly perSocket: number;
  /** Heap snapshots of before and after go here. */
  readonly snapshots: string | undefined;
}

/** The longest that an operation may live after it was answered is its deadline: only then is the gateway at rest. */
const restMs = 18_000;
const exitLimitMs = 10_000;

type Requests = AskedProcess<RequestsCommand, RequestReport>;
type Watchers = AskedProcess<WatchersCommand, WatchersReport>;

export async function soak(world: World, options: Soak): Promise<WorkloadResult> {
  const script = (name: string): string => join(import.meta.dirname, '..', 'soak', `${name}.js`);
  const requests: Requests = new AskedProcess(script('requests-process'));
  const watchers: Watchers = new AskedProcess(script('watchers-process'));
  try {
    return await soakWith(world, options, requests, watchers);
  } finally {
    requests.stop();
    watchers.stop();
  }
}

async function soakWith(world: World, options: Soak, requests: Requests, watchers: Watchers): Promise<WorkloadResult> {
  const { emulator, emulatorServer, server } = world;
  const { durationMs, requestsPerSecond: perSecond } = options;
  const jobs = await MovingJobs.seed(emulator, durationMs);
  const plan = { url: server.url, emulatorUrl: emulatorServer.url, perSecond, jobs: jobs.ids };
  await connect(world, options, watchers, jobs);

  const { warmUpMs } = phasesOf(durationMs);
  await requests.ask({ do: 'begin', plan, phase: 'rehearsal' });
  await sleep(warmUpMs / 2);
  await requests.ask({ do: 'end' });
  const before = await atRest(world, options, 'before');

  await requests.ask({ do: 'begin', plan, phase: 'faults' });
  await watchers.ask({ do: 'churn', isOn: true });
  const { samples, faults } = await load(world, options, jobs, requests);
  const answered = await requests.ask({ do: 'end' });
  await watchers.ask({ do: 'churn', isOn: false });
  const after = await atRest(world, options, 'after');

  const watched = await watchers.ask({ do: 'judge', finals: jobs.states });
  await watchers.ask({ do: 'expectTheEnd' });
  const examples = watched.verdict?.examples.map((text) => [text, 1] as const) ?? [];
  const exit = await server.terminate(exitLimitMs);
  return {
    metrics: soakMetrics({ options, answered, watched, samples, before, after, exit, moves: jobs.moves, ...faults }),
    faults: new Map([
      ...Object.entries(answered.faults),
      ...Object.entries(answered.calmRefusals),
      ...watched.faults,
      ...examples,
    ]),
    samples: [before, ...samples, after],
  };
}

async function connect({ server }: World, options: Soak, watchers: Watchers, jobs: MovingJobs): Promise<void> {
  const { sockets, perSocket } = options;
  const ids = jobs.slots.map((each) => each.map(({ id }) => id));
  const plan = Array.from({ length: sockets }, (_, socket) =>
    Array.from({ length: perSocket }, (__, place) => ids[(socket * perSocket + place) % ids.length] ?? []),
  );
  await watchers.ask({ do: 'connect', url: server.url.replace('http', 'ws'), sockets: plan });
  const begun = async (): Promise<number> => (await watchers.ask({ do: 'status' })).begun;
  const haveAll = await counted(begun, sockets * perSocket, { limitMs: 60_000, stallMs: 20_000 });
  if (!haveAll) throw new Error(`expected ${sockets * perSocket} first events, received ${await begun()}`);
}

async function atRest({ server }: World, { snapshots }: Soak, name: string): Promise<Sample> {
  await sleep(restMs);
  if (snapshots !== undefined) await server.writeHeapSnapshot(join(snapshots, `${name}.heapsnapshot`));
  return sampleOf(server, 0);
}

async function load({ emulator, server }: World, { durationMs }: Soak, jobs: MovingJobs, requests: Requests) {
  const { calmMs, sampleEveryMs } = phasesOf(durationMs);
  const startedAt = performance.now();
  const isPast = (ms: number) => (): boolean => performance.now() - startedAt >= ms;
  const failing = failNowAndThen(emulator, isPast(durationMs - calmMs)).then(async (counts) => {
    await sleep(recoveryMs);
    await requests.ask({ do: 'enter', phase: 'calm' });
    return counts;
  });
  const moving = jobs.move(isPast(durationMs));
  const sampling = sampleUntil(server, isPast(durationMs), sampleEveryMs, startedAt);
  const [faults, samples] = await Promise.all([failing, sampling, moving]);
  return { faults, samples };
}

async function sampleUntil(
  server: World['server'],
  isOver: () => boolean,
  everyMs: number,
  startedAt: number,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let dueMs = everyMs; !isOver(); dueMs += everyMs) {
    await sleep(Math.max(0, dueMs - (performance.now() - startedAt)));
    samples.push(await sampleOf(server, dueMs / 1_000));
  }
  return samples;
}
