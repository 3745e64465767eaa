/** The emulator as a foreign client meets it: on a loopback socket, with jobs that age only when a test says so. */
import { onTestFinished } from 'vitest';
import type { Fault } from '../../../src/emulator/faults.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { serveEmulator } from '../../../src/emulator/server.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** The pair that the emulator knows. */
export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** How long a job stays in each state. */
export const stepMs = 60_000;

export interface ForeignEmulator {
  readonly url: string;
  readonly variety: string | undefined;
  /** Ages jobs and signed URLs; signatures and `Date` headers follow the real time, as the clients do. */
  readonly clock: FakeClock;
  /** Scripts the next answers to an operation, such as `DataExchange.CreateJob`. */
  readonly fail: (operation: string, fault: Fault, times?: number) => Promise<unknown>;
  /** Makes that many waiting jobs and gives their ids, the oldest first. */
  readonly seed: (service: 'dataExchange' | 'importExport', count: number) => Promise<readonly string[]>;
  /** Calls of each operation so far. */
  readonly requests: () => Promise<unknown>;
}

/** Closed with the test. With a `variety`, a seed, its answers vary; clients then need the retries that they have by default. */
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
    seed: async (service, count) => {
      const ids = (await control('POST', 'seed', { [service]: count })) as Record<string, readonly string[]>;
      return ids[service] ?? [];
    },
    requests: () => control('GET', 'requests'),
  };
}
