/** Loaded into a measured server before its own code: reports its memory over the IPC channel. */
import { Session } from 'node:inspector';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';

export interface Memory {
  /** After a full collection. */
  readonly heapBytes: number;
  /** Memory outside the heap: buffers. */
  readonly externalBytes: number;
  readonly rssBytes: number;
  readonly cpuMs: number;
}

/** What a long-running process may accumulate, beside memory. */
export interface Vitals extends Memory {
  /** The resources that keep the event loop running, by Node's names, such as `Timeout`. */
  readonly resources: Readonly<Record<string, number>>;
  /** Since the last request, without its collections; 0 at the first. */
  readonly loopDelayP99Ms: number;
  readonly uncaught: number;
}

export type ProbeRequest =
  | { readonly ask: 'cpu' | 'memory' | 'vitals' }
  | { readonly ask: 'snapshot'; readonly file: string };

/** Twice, as finalizers release what the first collection found. */
async function collected(): Promise<Memory> {
  for (let round = 0; round < 2; round += 1) {
    globalThis.gc?.();
    await pause(100);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, externalBytes: external, rssBytes: rss, cpuMs: cpuMs() };
}

/** Of all threads, since the start. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

let loopDelay: IntervalHistogram | undefined;
let uncaught = 0;

// Only observes: the process still ends.
process.on('uncaughtExceptionMonitor', () => {
  uncaught += 1;
});

async function vitals(): Promise<Vitals> {
  const loopDelayP99Ms = loopDelay === undefined ? 0 : loopDelay.percentile(99) / 1e6;
  const memory = await collected();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  loopDelay ??= monitorEventLoopDelay({ resolution: 10 });
  loopDelay.enable();
  loopDelay.reset();
  return { ...memory, resources, loopDelayP99Ms, uncaught };
}

/**
 * After a snapshot V8 follows where each object moves, to give it the same number in the next one. Collections then take
 * several times as long (an event loop's delay of 280 ms at p99 instead of 50), unless it is told to forget the numbers.
 */
function writeSnapshot(file: string): string {
  const written = writeHeapSnapshot(file);
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.enable');
  session.post('HeapProfiler.disable');
  session.disconnect();
  return written;
}

process.on('message', (request: ProbeRequest) => {
  if (request.ask === 'cpu') process.send?.(cpuMs());
  else if (request.ask === 'snapshot') process.send?.({ file: writeSnapshot(request.file) });
  else void (request.ask === 'memory' ? collected() : vitals()).then((answer) => process.send?.(answer));
});

// The server must exit as it would without the probe.
process.channel?.unref();

// An aborted run leaves no server running.
process.on('disconnect', () => process.exit(0));
