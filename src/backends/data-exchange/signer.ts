/** Makes a signed HTTP request of a call: the AWS SDK writes it, and it is signed as the SDK would sign it. */
import {
  type CancelJobCommand,
  type CreateJobCommand,
  DataExchangeClient,
  type GetJobCommand,
  type ListJobsCommand,
  type StartJobCommand,
} from '@aws-sdk/client-dataexchange';
import { Hash } from '@smithy/hash-node';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentials } from '../calls/credentials.ts';

export type JobCommand = CancelJobCommand | CreateJobCommand | GetJobCommand | ListJobsCommand | StartJobCommand;

/** Such as `GetJob`: the SDK names its classes by the operations of the service's model. */
export function operationOf(command: JobCommand): string {
  return command.constructor.name.replace(/Command$/, '');
}

export interface SignerOptions {
  /** Absent: the SDK derives it from the region. */
  readonly endpoint?: string;
  /** Absent: the SDK's default chain. */
  readonly region?: string;
}

/** Rejects with whatever the SDK throws where there is no region. */
export type Signer = (command: JobCommand, key: AwsCredentials, signedAt: Date) => Promise<HttpRequest>;

/**
 * The SDK resolves the endpoint and the region and serialises; then it is stopped. It does not read replies, as it has these faults
 * (measured with 3.873.0): it prints wrong-typed values by `console.warn`, a numeric timestamp loses it the whole answer, it takes an
 * empty body for a success, and after a wrong `Date` header it signs every later request with that time. As it sends nothing, it cannot
 * repeat a create. It does not sign, as it cannot be given the time to sign for, and as it reads a credentials provider only once where
 * the credentials have no expiry: it never noticed a rotated key.
 */
export function createSigner({ endpoint, region }: SignerOptions): Signer {
  const sdk = new DataExchangeClient({
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    maxAttempts: 1,
    // The SDK requires both.
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    signer: { sign: async (request) => request },
  });
  stopBeforeSending(sdk);
  return async (command, key, signedAt) => {
    // `send` has an overload for each command and none for their union; the kind of command makes no difference here.
    const output: object = await sdk.send(command as GetJobCommand);
    if (!('unsent' in output) || !HttpRequest.isInstance(output.unsent)) {
      throw new TypeError('expected the SDK to build an HTTP request');
    }
    const signature = { service: 'dataexchange', region: await sdk.config.region(), credentials: key };
    const signer = new SignatureV4({ ...signature, sha256: Hash.bind(null, 'sha256') });
    return HttpRequest.clone(await signer.sign(output.unsent, { signingDate: signedAt }));
  };
}

/** Adds a middleware before the sending one that does not call the next. S3's presigner stops the SDK in this way. */
function stopBeforeSending(sdk: DataExchangeClient): void {
  sdk.middlewareStack.add(
    () =>
      async ({ request }) => ({ response: {}, output: unsentOutput(request) }),
    {
      step: 'finalizeRequest',
      priority: 'low',
      name: 'giveUnsentRequest',
    },
  );
}

/** In the shape of an SDK output: the SDK writes into `$metadata`. */
function unsentOutput(unsent: unknown) {
  return { $metadata: {}, unsent };
}

/** The URL of `request`, its query encoded exactly as SigV4 signs it: sorted by key, and by RFC 3986. */
export function urlOf({ protocol, hostname, port, path, query }: HttpRequest): string {
  const pairs = Object.entries(query).map(([key, value]) => `${encoded(key)}=${encoded(String(value ?? ''))}`);
  const search = pairs.length > 0 ? `?${pairs.sort().join('&')}` : '';
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${search}`;
}

/** `encodeURIComponent` does not encode five characters that RFC 3986 reserves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
