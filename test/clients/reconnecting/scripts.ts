/** Random misfortunes of networks and gateways, between random moves of jobs. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { RoughProxy } from './rough-proxy.ts';
import type { World } from './worlds.ts';

export const jobsOfScript = 3;
const states = ['WAITING', 'IN_PROGRESS'] as const;

const faults = [
  'none',
  'none',
  'none',
  'fin',
  'rst',
  'in a frame',
  'stall',
  'slow',
  'refuse',
  '502',
  'black hole',
] as const;
type Fault = (typeof faults)[number];

export interface Step {
  readonly moves: readonly { readonly job: number; readonly state: string }[];
  /** One for each network. */
  readonly faults: readonly Fault[];
  /** Where in a frame. */
  readonly bytes: number;
  readonly gateway: 'SIGKILL' | 'SIGTERM' | undefined;
  readonly waitMs: number;
}

/** Steps with at most two ends of a gateway, each of which takes a second or more. */
export function scripts(networks: number): fc.Arbitrary<readonly Step[]> {
  const move = fc.record({ job: fc.nat(jobsOfScript - 1), state: fc.constantFrom(...states) });
  const step = fc.record({
    moves: fc.array(move, { maxLength: 3 }),
    faults: fc.array(fc.constantFrom(...faults), { minLength: networks, maxLength: networks }),
    bytes: fc.integer({ min: 1, max: 600 }),
    gateway: fc.constant(undefined),
    waitMs: fc.integer({ min: 0, max: 250 }),
  });
  const end = fc.record({ at: fc.nat(11), signal: fc.constantFrom('SIGKILL' as const, 'SIGTERM' as const) });
  return fc
    .tuple(fc.array(step, { minLength: 8, maxLength: 12, size: 'max' }), fc.array(end, { minLength: 1, maxLength: 2 }))
    .map(([steps, ends]) =>
      steps.map((each, index) => ({ ...each, gateway: ends.find(({ at }) => at % steps.length === index)?.signal })),
    );
}

export async function play(
  steps: readonly Step[],
  { emulator, replace }: World,
  jobs: readonly string[],
  networks: readonly RoughProxy[],
): Promise<void> {
  let replaced = Promise.resolve();
  for (const { moves, faults: each, bytes, gateway, waitMs } of steps) {
    for (const [index, fault] of each.entries()) apply(fault, networks[index], bytes);
    for (const { job, state } of moves) await emulator.move(jobs[job] ?? '', { state });
    if (gateway) replaced = replaced.then(() => replace(gateway));
    await sleep(waitMs);
  }
  await replaced;
}

function apply(fault: Fault, network: RoughProxy | undefined, bytes: number): void {
  if (network === undefined) return;
  network.mode = 'pass';
  network.delayMs = 0;
  if (fault === 'fin' || fault === 'rst') network.cut(fault);
  if (fault === 'in a frame') network.cutAfter(bytes, bytes % 2 === 0 ? 'fin' : 'rst');
  if (fault === 'stall') network.stall();
  if (fault === 'slow') network.delayMs = 50;
  if (fault === 'refuse' || fault === '502') {
    network.mode = fault === '502' ? 'bad-gateway' : 'refuse';
    network.cut('rst');
  }
  if (fault === 'black hole') {
    network.mode = 'stall';
    network.stall();
  }
}
