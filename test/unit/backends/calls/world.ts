/** Both clients over real sockets, the emulator, and between them a proxy that can damage the traffic. */
import { onTestFinished } from 'vitest';
import type { Backends } from '../../../../src/backends/backend.ts';
import type { CredentialsProvider } from '../../../../src/backends/calls/credentials.ts';
import { httpTransport } from '../../../../src/backends/calls/http-transport.ts';
import { createDataExchangeClient } from '../../../../src/backends/data-exchange/client.ts';
import { createImportExportClient } from '../../../../src/backends/import-export/client.ts';
import type { Clock } from '../../../../src/base/clock.ts';
import type { Fault } from '../../../../src/emulator/faults.ts';
import { createEmulator, type Emulator } from '../../../../src/emulator/index.ts';
import { serveEmulator } from '../../../../src/emulator/server.ts';
import { type FaultProxy, type Faults, startFaultProxy } from '../../../support/fault-proxy.ts';
import { noBackoffClock } from '../../../support/no-backoff-clock.ts';

/** The only key pair that the emulator accepts. */
export const knownKey = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

export interface ClientOptions {
  readonly attemptTimeoutMs?: number;
  readonly clock?: Clock;
  readonly credentials?: CredentialsProvider;
  readonly signature?: 'v2' | 'v4';
  readonly ca?: string;
}

/** Both clients, of the server at `endpoint`. */
export function clientsOf(endpoint: string, options: ClientOptions = {}): Backends {
  const {
    clock = noBackoffClock,
    credentials = async () => knownKey,
    signature = 'v4',
    attemptTimeoutMs,
    ca,
  } = options;
  const transport = httpTransport(ca === undefined ? {} : { ca });
  const common = {
    endpoint,
    clock,
    credentials,
    transport,
    ...(attemptTimeoutMs !== undefined && { attemptTimeoutMs }),
  };
  const dataExchange = createDataExchangeClient({ ...common, region: 'us-east-1' });
  return {
    dataExchange,
    catalog: dataExchange.catalog,
    importExport: createImportExportClient({ ...common, signature }),
  };
}

export interface World {
  readonly backends: Backends;
  readonly proxy: FaultProxy;
  /** A waiting job of each service. */
  readonly jobs: Jobs;
  /** The number of calls of each operation that have reached the emulator. */
  requests(): Promise<Record<string, number>>;
  /** Scripts the next answers to `operation`. */
  fail(operation: string, fault: Fault, times?: number): Promise<void>;
  /** Removes the scripted faults. */
  heal(): Promise<void>;
}

export interface Jobs {
  readonly dataExchange: string;
  readonly importExport: string;
}

export interface TestbedOptions extends ClientOptions {
  readonly faults?: Faults;
  /** The emulator's clock. By default that of the clients. */
  readonly wallClock?: () => number;
}

/** Runs until the test ends. */
export async function startWorld({ faults = {}, wallClock, ...options }: TestbedOptions = {}): Promise<World> {
  const { clock = noBackoffClock } = options;
  const hour = 3_600_000;
  const emulator = createEmulator({
    clock,
    wallClock: wallClock ?? clock.now,
    stepMs: hour,
    origin: () => 'http://127.0.0.1:1',
  });
  const server = await serveEmulator(emulator, 0);
  onTestFinished(server.close);
  const proxy = await startFaultProxy(server.port, faults);
  const seeded = await control<SeededJobs>(emulator, 'POST', 'seed', { dataExchange: 1, importExport: 1 });
  const [dataExchange = ''] = seeded.dataExchange;
  const [importExport = ''] = seeded.importExport;
  return {
    backends: clientsOf(proxy.origin, options),
    proxy,
    jobs: { dataExchange, importExport },
    requests: () => control(emulator, 'GET', 'requests'),
    fail: async (operation, fault, times = 1) => {
      await control(emulator, 'POST', 'faults', { operation, times, fault });
    },
    heal: () => control(emulator, 'DELETE', 'faults'),
  };
}

interface SeededJobs {
  readonly dataExchange: readonly string[];
  readonly importExport: readonly string[];
}

async function control<T>(emulator: Emulator, method: string, path: string, body?: unknown): Promise<T> {
  const init = { method, body: body === undefined ? null : JSON.stringify(body) };
  const response = await emulator.handle(new Request(`http://emulator/_emulator/${path}`, init));
  if (!response.ok) throw new Error(`expected ${path} to be accepted, received ${await response.text()}`);
  return response.json() as Promise<T>;
}
