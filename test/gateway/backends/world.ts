/** The running gateway over both services, each behind its own proxy, which can damage the traffic. */
import { onTestFinished, vi } from 'vitest';
import { type ServerOptions, startServer } from '../../../src/app/server.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { configFrom } from '../../../src/config/config.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { serveEmulator } from '../../../src/emulator/server.ts';
import { ampleMemory } from '../../support/ample-memory.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { globalId } from '../../support/examples.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { type Answer, ask, temporaryFolder } from '../../support/gateway.ts';
import { noBackoffClock } from '../../support/no-backoff-clock.ts';
import { knownKey } from '../../unit/backends/calls/world.ts';

export interface GatewayWorld {
  readonly url: string;
  readonly emulator: EmulatorControl;
  readonly proxies: { readonly dataExchange: FaultProxy; readonly importExport: FaultProxy };
  /** The unexpected errors that the gateway has logged. */
  readonly complaints: readonly string[];
  readonly ask: (query: string, variables?: Record<string, unknown>) => Promise<Answer>;
  /** The id of a job that was not read before. */
  readonly nextId: (service: Service) => string;
  /** Reads such a job. */
  readonly read: (service: Service) => Promise<string>;
  /** The number of requests that have reached the emulator. */
  readonly requests: (operation: string) => Promise<number>;
}

export type Service = 'dataExchange' | 'importExport';

export interface GatewayWorldOptions {
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOperation?: ServerOptions['onOperation'];
  /** Where the services are, in place of the proxies. */
  readonly endpoint?: string;
}

const seededJobs = 400;

/** Runs until the test ends. */
export async function startGatewayWorld(options: GatewayWorldOptions = {}): Promise<GatewayWorld> {
  const { clock = noBackoffClock, env = {}, onOperation } = options;
  const hour = 3_600_000;
  // Signatures are checked against the gateway's clock.
  const emulator = createEmulator({ clock, wallClock: clock.now, stepMs: hour, origin: () => 'http://127.0.0.1:1' });
  const listener = await serveEmulator(emulator, 0);
  onTestFinished(listener.close);
  const proxies = {
    dataExchange: await startFaultProxy(listener.port),
    importExport: await startFaultProxy(listener.port),
  };
  const control = new EmulatorControl(`http://127.0.0.1:${listener.port}`);
  const seeded = await control.seed({ dataExchange: seededJobs, importExport: seededJobs });
  const complaints: string[] = [];
  const config = configFrom({
    PORT: '0',
    WAYBILL_DATA_DIR: temporaryFolder(),
    WAYBILL_BACKEND: 'aws',
    AWS_ENDPOINT_URL_DATAEXCHANGE: options.endpoint ?? proxies.dataExchange.origin,
    AWS_ENDPOINT_URL_IMPORTEXPORT: options.endpoint ?? proxies.importExport.origin,
    WAYBILL_POLL_MIN_MS: '20',
    WAYBILL_POLL_MAX_MS: '100',
    WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: '100',
    WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: '100',
    ...env,
  });
  stubCredentials();
  const log = (line: string) => complaints.push(line);
  const server = await startServer({ config, clock, log, gauge: ampleMemory, ...(onOperation && { onOperation }) });
  onTestFinished(server.close);
  const unread = {
    dataExchange: seeded.dataExchange.map((id) => globalId('DataExchangeJob', id)),
    importExport: seeded.importExport.map((id) => globalId('ImportExportJob', id)),
  };
  const nextId = (service: Service): string => {
    const id = unread[service].pop();
    if (id === undefined) throw new Error(`expected at most ${seededJobs} reads of jobs`);
    return id;
  };
  const askHere = (query: string, variables?: Record<string, unknown>) => ask(server.url, query, variables);
  return {
    url: server.url,
    emulator: control,
    proxies,
    complaints,
    ask: askHere,
    nextId,
    read: async (service) => outcomeOf(await askHere(readJob, { id: nextId(service) })),
    requests: async (operation) => (await control.requests())[operation] ?? 0,
  };
}

/** The AWS SDK reads them from the environment on first use. */
function stubCredentials(): void {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', knownKey.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', knownKey.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
}

export const readJob = 'query ($id: ID!) { node(id: $id) { id ... on Job { state } } }';

/** `done`, or the code of the error or of a service that could not be listed. */
export function outcomeOf({ data, errors }: Answer): string {
  if (errors !== undefined) return String(errors[0]?.extensions?.['code']);
  const page = data?.['jobs'] as { unavailableServices?: readonly { code: string }[] } | undefined;
  return page?.unavailableServices?.[0]?.code ?? 'done';
}

export const operations = { dataExchange: 'DataExchange.GetJob', importExport: 'ImportExport.GetStatus' } as const;

export const services: readonly Service[] = ['dataExchange', 'importExport'];
