/** The testbed of one workload: a new emulator, a server over it, and clients, all stopped afterwards. */
import { Clients } from './clients.ts';
import { EmulatorControl } from './emulator-control.ts';
import { type Polling, type Server, type StartServer, startEmulator } from './servers.ts';

export interface Testbed {
  readonly emulator: EmulatorControl;
  /** The emulator's process, which shares the CPUs with the measured server. */
  readonly emulatorServer: Server;
  readonly server: Server;
  readonly clients: Clients;
  readonly polling: Polling;
}

export interface TestbedOptions {
  readonly start: StartServer;
  readonly polling: Polling;
  readonly clientProcesses: number;
}

export async function withTestbed<T>(options: TestbedOptions, run: (testbed: Testbed) => Promise<T>): Promise<T> {
  const servers: Server[] = [];
  const clients = new Clients(options.clientProcesses);
  try {
    const emulatorServer = await startEmulator();
    servers.push(emulatorServer);
    const server = await options.start(emulatorServer.url, options.polling);
    servers.push(server);
    const emulator = new EmulatorControl(emulatorServer.url);
    const result = await run({ emulator, emulatorServer, server, clients, polling: options.polling });
    for (const each of servers) each.assertAlive();
    return result;
  } finally {
    clients.stop();
    for (const each of servers) await each.stop();
  }
}
