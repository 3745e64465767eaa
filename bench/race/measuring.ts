/** One round of one contender in one row. */

import type { EmulatorControl } from '../harness/emulator-control.ts';
import type { Server } from '../harness/servers.ts';
import { reached, sleep } from '../harness/waiting.ts';
import type { WorkerProcess } from '../harness/worker-process.ts';
import type { Call, Load, LoadCommand, LoadReport } from '../requests/load.ts';
import { type Excess, type Figures, figuresOf } from './figures.ts';
import type { Pace } from './rows.ts';

/** The processes that all contenders share. */
export interface SharedProcesses {
  readonly emulator: EmulatorControl;
  readonly emulatorServer: Server;
  readonly generator: WorkerProcess<LoadCommand, LoadReport>;
}

/** A server and the requests to send to it. */
export interface Target {
  readonly server: Server;
  readonly calls: readonly Call[];
}

export interface Round {
  readonly figures: Figures;
  readonly failures: LoadReport['failures'];
}

const patienceMs = 1_000;
/** How long a contender may still work on requests whose callers have given up. */
const quietLimitMs = 20_000;

export async function roundOf(shared: SharedProcesses, target: Target, pace: Pace, ms: number): Promise<Round> {
  if (pace.kind === 'excess') return excessiveRound(shared, target, pace, ms);
  return measured(shared, target, commandOf(pace, loadOf(target, ms)));
}

/** Gets hot code compiled and connections opened before anything is measured. */
export async function warmUp({ generator }: SharedProcesses, target: Target, pace: Pace, ms: number): Promise<void> {
  const { connections } = pace.kind === 'connections' || pace.kind === 'excess' ? pace : { connections: 8 };
  await generator.ask({ do: 'flat out', connections, ...loadOf(target, ms) });
}

async function excessiveRound(
  shared: SharedProcesses,
  target: Target,
  { times, connections }: Extract<Pace, { readonly kind: 'excess' }>,
  ms: number,
): Promise<Round> {
  const load = loadOf(target, ms);
  const { tookMs, durationMs } = await shared.generator.ask({ do: 'flat out', connections, ...load });
  const peak = (1_000 * tookMs.length) / durationMs;
  const command = { do: 'steadily', perSecond: times * peak, patience: { ms: patienceMs }, ...load } as const;
  const round = await measured(shared, target, command, { patienceMs, sentForMs: ms, peak });
  await reached(() => isQuiet(target.server), quietLimitMs);
  return round;
}

async function measured(
  shared: SharedProcesses,
  { server }: Target,
  command: LoadCommand,
  excess?: Excess,
): Promise<Round> {
  const { emulator, emulatorServer, generator } = shared;
  await emulator.forgetRequests();
  const startedAt = performance.now();
  const [serverBefore, emulatorBefore] = [await server.cpuMs(), await emulatorServer.cpuMs()];
  const report = await generator.ask(command);
  const readings = {
    serverCpuMs: (await server.cpuMs()) - serverBefore,
    emulatorCpuMs: (await emulatorServer.cpuMs()) - emulatorBefore,
    elapsedMs: performance.now() - startedAt,
    calls: Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0),
  };
  return { figures: figuresOf(report, readings, excess), failures: report.failures };
}

function loadOf({ server, calls }: Target, durationMs: number): Load {
  return { origin: new URL(server.url).origin, calls, durationMs };
}

function commandOf(pace: Exclude<Pace, { readonly kind: 'excess' }>, load: Load): LoadCommand {
  if (pace.kind === 'connections') return { do: 'flat out', connections: pace.connections, ...load };
  if (pace.kind === 'burst') return { do: 'in bursts', size: pace.size, ...load };
  return { do: 'steadily', perSecond: pace.perSecond, ...load };
}

async function isQuiet(server: Server): Promise<boolean> {
  const before = await server.cpuMs();
  await sleep(200);
  return (await server.cpuMs()) - before < 20;
}
