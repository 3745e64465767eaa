/** All that runs during a race: the emulator with its jobs, the contenders over it, and the generator; each a process of its own. */
import { join } from 'node:path';
import { EmulatorControl, type SeededJob } from '../harness/emulator-control.ts';
import { type Server, startEmulator } from '../harness/servers.ts';
import { sleep } from '../harness/waiting.ts';
import { WorkerProcess } from '../harness/worker-process.ts';
import type { LoadCommand, LoadReport } from '../requests/load.ts';
import type { Contender } from './contenders.ts';
import type { SharedProcesses } from './measuring.ts';
import { preparePeers } from './peers-package.ts';

export interface RaceWorld {
  readonly shared: SharedProcesses;
  /** In the order in which they were made. */
  readonly jobs: readonly SeededJob[];
  /** By the name of the contender: where it listens, or why it does not. */
  readonly servers: ReadonlyMap<string, Server | Error>;
}

/** Apart by more than the second to which Import/Export tells the time, so that the merged list has both services in turn. */
const batches = 5;
const batchPauseMs = 1_100;
const perBatch = { dataExchange: 60, importExport: 30 };

/** What `run` starts or leaves behind ends with it. */
export async function inRaceWorld<T>(
  chosen: readonly Contender[],
  say: (text: string) => void,
  run: (world: RaceWorld) => Promise<T>,
): Promise<T> {
  if (chosen.some(({ name }) => !name.startsWith('waybill'))) preparePeers(say);
  const generator = new WorkerProcess<LoadCommand, LoadReport>(
    join(import.meta.dirname, '..', 'requests', 'load-process.js'),
  );
  const started: Server[] = [];
  try {
    const emulatorServer = await startEmulator();
    started.push(emulatorServer);
    const emulator = new EmulatorControl(emulatorServer.url);
    const jobs = await seeded(emulator);
    const servers = new Map<string, Server | Error>();
    for (const { name, start } of chosen) {
      const server = await start(emulatorServer.url).catch(asError);
      if (!(server instanceof Error)) started.push(server);
      servers.set(name, server);
    }
    return await run({ shared: { emulator, emulatorServer, generator }, jobs, servers });
  } finally {
    generator.stop();
    for (const each of started) await each.stop();
  }
}

async function seeded(emulator: EmulatorControl): Promise<readonly SeededJob[]> {
  const jobs: SeededJob[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    if (batch > 0) await sleep(batchPauseMs);
    jobs.push(...(await emulator.seed(perBatch)));
  }
  return jobs;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
