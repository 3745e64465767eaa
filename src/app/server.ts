/** Starts the gateway and stops it. */

import type { Clock } from '../base/clock.ts';
import { type Cut, createListener, type Listener } from '../transport/listener.ts';
import type { Watcher } from '../watch/watcher.ts';
import { type Assembly, type AssemblyOptions, assemble } from './assembly.ts';
import { systemClock } from './system-clock.ts';

export interface ServerOptions extends Omit<AssemblyOptions, 'clock'> {
  readonly clock?: Clock;
}

export interface RunningServer {
  /** Where operations go, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Where the embedded emulator listens; undefined with other backends. */
  readonly emulatorUrl: string | undefined;
  readonly watcher: Watcher;
  /** Where Prometheus finds the metrics; undefined without. */
  readonly metricsUrl: string | undefined;
  /** Takes on nothing new and says so to whoever asks; what is under way goes on. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
  /** What an end did not wait for, or waits for still. */
  readonly abandoned: () => Abandoned;
}

/** How much was not finished, and nothing of what it was. */
export interface Abandoned extends Cut {
  /** Creates that were sent, or are about to be, and whose outcome is not on record. */
  readonly creates: number;
}

/** Rejects if a port or the store cannot be had, or a file that the settings name cannot be used. */
export async function startServer({ clock = systemClock, ...options }: ServerOptions): Promise<RunningServer> {
  const assembly = await assemble({ ...options, clock });
  const { gate, creates, services, storage, telemetry, watching } = assembly;
  const isReady = async (): Promise<boolean> =>
    gate.refusal() === undefined && (await services.hasKey()) && storage.store.isReachable();
  const listener = createListener({ ...assembly, isReady });
  const close = (): Promise<void> => endInOrder(assembly, listener);
  const url = await listener.listen().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  creates.reconciliation.start();
  return {
    url,
    emulatorUrl: services.emulatorUrl,
    watcher: watching.watcher,
    metricsUrl: telemetry.metricsUrl,
    drain: () => gate.close(),
    close,
    abandoned: () => ({ ...listener.cut, creates: creates.createOnce.underWay }),
  };
}

/** First what comes from outside, then what was made of it, last where it is kept. */
async function endInOrder({ gate, watching, close }: Assembly, listener: Listener): Promise<void> {
  gate.close();
  watching.watcher.stop();
  await Promise.all([watching.leave(), listener.close()]);
  await close();
}
