/** `waybill emulator`: serves the emulator of both services on a port. */
import { systemClock } from '../app/system-clock.ts';
import { configFrom } from '../config/config.ts';
import { createEmulator } from '../emulator/index.ts';
import { serveEmulator } from '../emulator/server.ts';
import { fail } from './failure.ts';
import { print } from './output.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { expectNoArguments } from './usage-error.ts';

/** Serves until a signal ends it. Rejects if the port cannot be bound. */
export async function emulator(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  expectNoArguments('emulator', argv);
  const config = configFrom(env);
  const origin = (): string => `http://127.0.0.1:${listener.port}`;
  const { now } = systemClock;
  const services = createEmulator({ clock: systemClock, wallClock: now, origin, ...config.emulator });
  const listener = await serveEmulator(services, config.emulator.port);
  stopOnSignal({ close: listener.close, onFailure: fail });
  print(`Waybill's emulator of AWS Import/Export and AWS Data Exchange`);
  print(`  listening on   ${origin()}`);
}
