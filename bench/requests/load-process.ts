/** The program of the callers of a baseline: sends the same requests repeatedly, at the commanded rate. */

import { sleep } from '../harness/waiting.ts';
import { serveCommands } from '../harness/worker-process.ts';
import { Caller } from './caller.ts';
import type { Load, LoadCommand, LoadReport, Patience } from './load.ts';

/** Enough that no request waits here at the rates used. */
const steadyConnections = 100;
const tickMs = 2;

async function sendSteadily(load: Load, perSecond: number, patience?: Patience): Promise<LoadReport> {
  const caller = new Caller(load, patience === undefined ? steadyConnections : null);
  const pending = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (const due = ((performance.now() - startedAt) * perSecond) / 1_000; sent < due; sent += 1) {
      const calling = caller.callNext();
      pending.add(calling);
      void calling.then(() => pending.delete(calling));
    }
  }, tickMs);
  await sleep(load.durationMs);
  clearInterval(timer);
  if (patience !== undefined) {
    await Promise.race([Promise.all(pending), sleep(patience.ms)]);
    await caller.giveUp();
  }
  await Promise.all(pending);
  return caller.end();
}

async function sendFlatOut(load: Load, connections: number): Promise<LoadReport> {
  const caller = new Caller(load, connections);
  const endsAt = performance.now() + load.durationMs;
  const sendAll = async (): Promise<void> => {
    while (performance.now() < endsAt) await caller.callNext();
  };
  await Promise.all(Array.from({ length: connections }, sendAll));
  return caller.end();
}

async function sendInBursts(load: Load, size: number): Promise<LoadReport> {
  const caller = new Caller(load, size);
  const endsAt = performance.now() + load.durationMs;
  while (performance.now() < endsAt) await Promise.all(Array.from({ length: size }, () => caller.callNext()));
  return caller.end();
}

serveCommands<LoadCommand, LoadReport>((command) => {
  if (command.do === 'steadily') return sendSteadily(command, command.perSecond, command.patience);
  return command.do === 'flat out' ? sendFlatOut(command, command.connections) : sendInBursts(command, command.size);
});
