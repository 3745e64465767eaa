/** The gateway under long load with faults of its services: lost events and leaked resources. */
import { join } from 'node:path';
import type { Testbed } from '../harness/testbed.ts';
import { counted, sleep } from '../harness/waiting.ts';
import { WorkerProcess } from '../harness/worker-process.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import { injectFaults } from '../soak/fault-mix.ts';
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
  /** The folder for heap snapshots before and after. */
  readonly snapshots: string | undefined;
}

/** The longest time that an operation may live after its response is its deadline; only then is the gateway at rest. */
const restMs = 18_000;
const exitLimitMs = 10_000;

type Requests = WorkerProcess<RequestsCommand, RequestReport>;
type Watchers = WorkerProcess<WatchersCommand, WatchersReport>;

export async function soak(testbed: Testbed, options: Soak): Promise<WorkloadResult> {
  const script = (name: string): string => join(import.meta.dirname, '..', 'soak', `${name}.js`);
  const requests: Requests = new WorkerProcess(script('requests-process'));
  const watchers: Watchers = new WorkerProcess(script('watchers-process'));
  try {
    return await soakWith(testbed, options, requests, watchers);
  } finally {
    requests.stop();
    watchers.stop();
  }
}

async function soakWith(
  testbed: Testbed,
  options: Soak,
  requests: Requests,
  watchers: Watchers,
): Promise<WorkloadResult> {
  const { emulator, emulatorServer, server } = testbed;
  const { durationMs, requestsPerSecond: perSecond } = options;
  const jobs = await MovingJobs.seed(emulator, durationMs);
  const plan = { url: server.url, emulatorUrl: emulatorServer.url, perSecond, jobs: jobs.ids };
  await connect(testbed, options, watchers, jobs);

  const { warmUpMs } = phasesOf(durationMs);
  await requests.ask({ do: 'begin', plan, phase: 'rehearsal' });
  await sleep(warmUpMs / 2);
  await requests.ask({ do: 'end' });
  const before = await atRest(testbed, options, 'before');

  await requests.ask({ do: 'begin', plan, phase: 'faults' });
  await watchers.ask({ do: 'churn', isOn: true });
  const { samples, faults } = await load(testbed, options, jobs, requests);
  const answered = await requests.ask({ do: 'end' });
  await watchers.ask({ do: 'churn', isOn: false });
  const after = await atRest(testbed, options, 'after');

  const watched = await watchers.ask({ do: 'judge', finals: jobs.states });
  await watchers.ask({ do: 'expectEnd' });
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

async function connect({ server }: Testbed, options: Soak, watchers: Watchers, jobs: MovingJobs): Promise<void> {
  const { sockets, perSocket } = options;
  const ids = jobs.slots.map((each) => each.map(({ id }) => id));
  const plan = Array.from({ length: sockets }, (_, socket) =>
    Array.from({ length: perSocket }, (__, index) => ids[(socket * perSocket + index) % ids.length] ?? []),
  );
  await watchers.ask({ do: 'connect', url: server.url.replace('http', 'ws'), sockets: plan });
  const started = async (): Promise<number> => (await watchers.ask({ do: 'status' })).started;
  const haveAll = await counted(started, sockets * perSocket, { limitMs: 60_000, stallMs: 20_000 });
  if (!haveAll) throw new Error(`expected ${sockets * perSocket} first events, received ${await started()}`);
}

async function atRest({ server }: Testbed, { snapshots }: Soak, name: string): Promise<Sample> {
  await sleep(restMs);
  if (snapshots !== undefined) await server.writeHeapSnapshot(join(snapshots, `${name}.heapsnapshot`));
  return sampleOf(server, 0);
}

async function load({ emulator, server }: Testbed, { durationMs }: Soak, jobs: MovingJobs, requests: Requests) {
  const { calmMs, sampleEveryMs } = phasesOf(durationMs);
  const startedAt = performance.now();
  const isPast = (ms: number) => (): boolean => performance.now() - startedAt >= ms;
  const failing = injectFaults(emulator, isPast(durationMs - calmMs)).then(async (counts) => {
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
  server: Testbed['server'],
  hasEnded: () => boolean,
  everyMs: number,
  startedAt: number,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let dueMs = everyMs; !hasEnded(); dueMs += everyMs) {
    await sleep(Math.max(0, dueMs - (performance.now() - startedAt)));
    samples.push(await sampleOf(server, dueMs / 1_000));
  }
  return samples;
}
