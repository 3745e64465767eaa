/** Starts the emulator on a loopback socket, with a fake clock for its jobs. */
import { onTestFinished } from 'vitest';
import type { Fault } from '../../../src/emulator/faults.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { serveEmulator } from '../../../src/emulator/server.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** The key pair that the emulator accepts. */
export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** The time of a job in each state. */
export const stepMs = 60_000;

export interface ForeignEmulator {
  readonly url: string;
  readonly variety: string | undefined;
  /** The time of jobs and signed URLs; signatures and `Date` headers use the real time, like the clients. */
  readonly clock: FakeClock;
  /** Scripts faults for an operation, such as `DataExchange.CreateJob`. */
  readonly fail: (operation: string, fault: Fault, times?: number) => Promise<unknown>;
  /** Creates waiting jobs, data sets, or revisions of the demo data set, and returns their ids, oldest first. */
  readonly seed: (
    what: 'dataExchange' | 'dataSets' | 'importExport' | 'revisions',
    count: number,
  ) => Promise<readonly string[]>;
  /** The calls of each operation so far. */
  readonly requests: () => Promise<unknown>;
}

/** Closed with the test. With the seed `variety` its responses vary, and clients need their default retries. */
export async function startEmulator(variety?: string): Promise<ForeignEmulator> {
  const clock = new FakeClock();
  let url = '';
  const emulator = createEmulator({ clock, wallClock: Date.now, stepMs, origin: () => url, variety });
  const server = await serveEmulator(emulator, 0);
  onTestFinished(() => server.close());
  url = `http://127.0.0.1:${server.port}`;
  const control = async (method: string, subject: string, body?: object) => {
    const reply = await fetch(`${url}/_emulator/${subject}`, { method, body: body ? JSON.stringify(body) : null });
    if (!reply.ok) throw new Error(`${subject} was answered ${reply.status}: ${await reply.text()}`);
    return reply.json();
  };
  return {
    url,
    variety,
    clock,
    fail: (operation, fault, times = 1) => control('POST', 'faults', { operation, fault, times }),
    seed: async (what, count) => {
      const ids = (await control('POST', 'seed', { [what]: count })) as Record<string, readonly string[]>;
      return ids[what] ?? [];
    },
    requests: () => control('GET', 'requests'),
  };
}
