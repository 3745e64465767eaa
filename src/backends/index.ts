/** Assembles the two backends: over AWS, over other endpoints, or over the emulator. */
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Clock } from '../base/clock.ts';
import type { Backends } from './backend.ts';
import type { AwsCredentials, CredentialsProvider } from './calls/credentials.ts';
import type { CallObserver } from './calls/observer.ts';
import type { Transport } from './calls/transport.ts';
import { createDataExchangeClient } from './data-exchange/client.ts';
import { createSdk, type Sdk } from './data-exchange/unsent-request.ts';
import { createImportExportClient } from './import-export/client.ts';

/** The only endpoint of the service (its API reference, "Endpoint"). */
const importExportEndpoint = 'https://importexport.amazonaws.com';

export interface AwsBackendOptions {
  readonly endpoints: { readonly dataExchange: string | undefined; readonly importExport: string | undefined };
  readonly importExportSignature: 'v2' | 'v4';
  readonly clock: Clock;
  readonly credentials: CredentialsProvider;
  readonly observer?: CallObserver;
}

/** Provides `known`, or what AWS's default chain finds: in the environment, profiles, the container or the instance. */
export function credentialsProvider(known: AwsCredentials | undefined): CredentialsProvider {
  // Without this option the chain never notices a key that was rotated in AWS's files: not even a refresh reads a file
  // twice (3.873.0).
  return known ? async () => known : defaultProvider({ ignoreCache: true });
}

/** Clients of AWS, or of other endpoints where these are set. The region comes from AWS's default chain. */
export async function awsBackends(options: AwsBackendOptions): Promise<Backends> {
  const { httpTransport } = await import('./calls/http-transport.ts');
  const { credentials } = options;
  const { dataExchange: endpoint, importExport } = options.endpoints;
  const common = commonOptions(options);
  const dataExchange = createDataExchangeClient({
    transport: httpTransport(),
    credentials,
    ...common,
    ...(endpoint !== undefined && { endpoint }),
  });
  return {
    dataExchange,
    catalog: dataExchange.catalog,
    importExport: createImportExportClient({
      endpoint: importExport ?? importExportEndpoint,
      transport: httpTransport(),
      credentials,
      signature: options.importExportSignature,
      ...common,
    }),
  };
}

/** Reads the region in which Data Exchange is called; null if AWS's default chain finds none. */
export function createRegionReader(): () => Promise<string | null> {
  let sdk: Sdk | undefined;
  return () => {
    // It keeps the region once it has found one. Few callers ask, so a start does not wait for it.
    sdk ??= createSdk({});
    return sdk.region().catch(() => null);
  };
}

export const emulatorRegion = 'us-east-1';

export interface EmulatorBackendOptions {
  /** Answers the requests of both services in this process. */
  readonly emulator: { readonly handle: (request: Request) => Promise<Response> };
  /** The emulator's own address. Requests are signed for it, though they stay in this process. */
  readonly origin: string;
  readonly importExportSignature: 'v2' | 'v4';
  readonly clock: Clock;
  readonly observer?: CallObserver;
}

function commonOptions({ clock, observer }: Pick<AwsBackendOptions, 'clock' | 'observer'>) {
  return { clock, ...(observer !== undefined && { observer }) };
}

/** The example key pair of AWS's own documentation, the only one that the emulator knows. */
const exampleCredentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

export function emulatorBackends(options: EmulatorBackendOptions): Backends {
  const transport: Transport = (url, { body = null, ...request }) =>
    options.emulator.handle(new Request(url, { ...request, body }));
  const credentials = async () => exampleCredentials;
  const common = commonOptions(options);
  const dataExchange = createDataExchangeClient({
    endpoint: options.origin,
    region: emulatorRegion,
    transport,
    credentials,
    ...common,
  });
  return {
    dataExchange,
    catalog: dataExchange.catalog,
    importExport: createImportExportClient({
      endpoint: options.origin,
      transport,
      credentials,
      signature: options.importExportSignature,
      ...common,
    }),
  };
}
