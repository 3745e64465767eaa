/** Starts an emulator in the test's process that outlives the gateways over it. */
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/app/system-clock.ts';
import { createEmulator } from '../../src/emulator/index.ts';
import { serveEmulator } from '../../src/emulator/server.ts';
import { EmulatorControl } from './emulator-control.ts';

/**
 * Its jobs change only when a test moves them, unless `stepMs` says how long each state lasts. `variety` is a seed. It
 * ends with the test.
 */
export async function startLastingEmulator(stepMs = 3_600_000, variety?: string): Promise<EmulatorControl> {
  const origin = () => `http://127.0.0.1:${listener.port}`;
  const emulator = createEmulator({ clock: systemClock, wallClock: Date.now, stepMs, origin, variety });
  const listener = await serveEmulator(emulator, 0);
  onTestFinished(() => listener.close());
  return new EmulatorControl(origin());
}

/** Settings of a gateway over the services at `url`, with the key that the emulator accepts. It polls fast. */
export function settingsOver(url: string): Readonly<Record<string, string>> {
  return {
    WAYBILL_BACKEND: 'aws',
    WAYBILL_POLL_MIN_MS: '20',
    WAYBILL_POLL_MAX_MS: '100',
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };
}
