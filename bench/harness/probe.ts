/** Loaded into a measured server before its own code: answers over the channel to the run how much memory it holds. */
import { setTimeout as pause } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';

export interface Memory {
  /** After a full collection. */
  readonly heapBytes: number;
  /** Beside the heap: buffers. */
  readonly externalBytes: number;
  readonly rssBytes: number;
  readonly cpuMs: number;
}

export type ProbeRequest = { readonly ask: 'memory' } | { readonly ask: 'snapshot'; readonly file: string };

/** Twice, as finalizers release what the first collection found. */
async function collected(): Promise<Memory> {
  for (let round = 0; round < 2; round += 1) {
    globalThis.gc?.();
    await pause(100);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { heapBytes: heapUsed, externalBytes: external, rssBytes: rss, cpuMs: (user + system) / 1_000 };
}

process.on('message', (request: ProbeRequest) => {
  if (request.ask === 'snapshot') process.send?.({ file: writeHeapSnapshot(request.file) });
  else void collected().then((memory) => process.send?.(memory));
});

// The server must end as it would without the probe.
process.channel?.unref();

// A run that was cut off leaves no server behind.
process.on('disconnect', () => process.exit(0));
