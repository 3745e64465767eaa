/** The processes of a race: the emulator with its jobs, the contenders in front of it, and the load generator. */
import { join } from 'node:path';
import { EmulatorControl, type SeededJob } from '../harness/emulator-control.ts';
import { type Server, startEmulator } from '../harness/servers.ts';
import { sleep } from '../harness/waiting.ts';
import { WorkerProcess } from '../harness/worker-process.ts';
import type { LoadCommand, LoadReport } from '../requests/load.ts';
import type { Contender } from './contenders.ts';
import type { SharedProcesses } from './measuring.ts';
import { preparePeers } from './peers-package.ts';

export interface RaceTestbed {
  readonly shared: SharedProcesses;
  /** In the order of creation. */
  readonly jobs: readonly SeededJob[];
  /** By the contender's name: its server, or the error with which it failed to start. */
  readonly servers: ReadonlyMap<string, Server | Error>;
}

/**
 * Longer than the second to which Import/Export rounds its timestamps, so that jobs of both services alternate in the
 * merged list.
 */
const batches = 5;
const batchPauseMs = 1_100;
const perBatch = { dataExchange: 60, importExport: 30 };

/** Stops every process that it started once `run` has settled. */
export async function withRaceTestbed<T>(
  chosen: readonly Contender[],
  say: (text: string) => void,
  run: (testbed: RaceTestbed) => Promise<T>,
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
