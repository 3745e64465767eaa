/** Samples the gateway's resources during a soak, and computes their growth. */
import { loadavg } from 'node:os';
import { droppedConnections } from '../harness/kernel-sockets.ts';
import type { Server } from '../harness/servers.ts';

export type Sample = Readonly<Record<string, number>>;

const megabyte = 2 ** 20;

/** `second` is the time of the sample in the soak. */
export async function sampleOf(server: Server, second: number): Promise<Sample> {
  const descriptors = server.descriptors();
  const { heapBytes, externalBytes, rssBytes, cpuMs, resources, loopDelayP99Ms, uncaught } = await server.vitals();
  return {
    second: Math.round(second),
    heapMb: rounded(heapBytes / megabyte),
    externalMb: rounded(externalBytes / megabyte),
    rssMb: rounded(rssBytes / megabyte),
    cpuS: rounded(cpuMs / 1_000),
    descriptors,
    loopDelayP99Ms: rounded(loopDelayP99Ms),
    complaints: server.complaints.length,
    uncaught,
    droppedConnections: droppedConnections(),
    load: rounded(loadavg()[0] ?? 0),
    ...Object.fromEntries(Object.entries(resources).map(([kind, count]) => [`resources.${kind}`, count])),
  };
}

export interface Slope {
  readonly perTenMinutes: number;
  /** The standard error; a slope below twice of it may be chance. */
  readonly error: number;
}

/** By least squares of `field`; undefined for fewer than three samples. */
export function slopeOf(samples: readonly Sample[], field: string): Slope | undefined {
  const points = samples.map((sample) => ({ x: (sample['second'] ?? 0) / 600, y: sample[field] ?? 0 }));
  if (points.length < 3) return undefined;
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.length * mean((point) => (point.x - x) ** 2);
  const slope = (points.length * mean((point) => (point.x - x) * (point.y - y))) / spread;
  const residual = points.length * mean((point) => (point.y - y - slope * (point.x - x)) ** 2);
  return { perTenMinutes: slope, error: Math.sqrt(residual / (points.length - 2) / spread) };
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
