/** How a call of the API becomes a signed HTTP request, by the AWS SDK, which goes no further than that. */
import {
  type CancelJobCommand,
  type CreateJobCommand,
  DataExchangeClient,
  type GetJobCommand,
  type ListJobsCommand,
  type StartJobCommand,
} from '@aws-sdk/client-dataexchange';
import { HttpRequest } from '@smithy/protocol-http';

export type JobCommand = CancelJobCommand | CreateJobCommand | GetJobCommand | ListJobsCommand | StartJobCommand;

export type CredentialsProvider = () => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}>;

export interface SignerOptions {
  /** Absent: the SDK derives it from the region. */
  readonly endpoint?: string;
  /** Absent: the SDK's default chain. */
  readonly region?: string;
  /** Absent: the SDK's default chain. */
  readonly credentials?: CredentialsProvider;
}

/** Rejects with whatever the SDK throws where there is no region, or where credentials cannot be had. */
export type Signer = (command: JobCommand) => Promise<HttpRequest>;

/**
 * The SDK resolves endpoint, region and credentials, serialises and signs, and is stopped there. A reply shown to it would
 * do harm (measured with 3.873.0): wrong-typed values are printed by `console.warn`, a numeric timestamp loses the whole
 * answer, an empty body counts as a success, and a wrong `Date` header makes it sign every later request with that time.
 * Nor can it repeat a create that it does not send.
 */
export function createSigner(options: SignerOptions): Signer {
  const sdk = new DataExchangeClient({ ...options, maxAttempts: 1 });
  // The step's last middleware, so after the one that signs; it calls no next one. S3's presigner stops the SDK like this.
  sdk.middlewareStack.add(
    () =>
      async ({ request }) => ({ response: {}, output: signedOutput(request) }),
    {
      step: 'finalizeRequest',
      priority: 'low',
      name: 'giveSignedRequest',
    },
  );
  return async (command) => {
    // `send` has an overload a command and none for their union; the kind of command makes no difference here.
    const output: object = await sdk.send(command as GetJobCommand);
    if ('signed' in output && HttpRequest.isInstance(output.signed)) return output.signed;
    throw new TypeError('expected the SDK to build an HTTP request');
  };
}

/** In the shape of an output of the SDK, which writes into `$metadata`. */
function signedOutput(signed: unknown) {
  return { $metadata: {}, signed };
}

/** The URL of `request`, its query encoded exactly as SigV4 signs it: sorted by key, and by RFC 3986. */
export function urlOf({ protocol, hostname, port, path, query }: HttpRequest): string {
  const pairs = Object.entries(query).map(([key, value]) => `${encoded(key)}=${encoded(String(value ?? ''))}`);
  const search = pairs.length > 0 ? `?${pairs.sort().join('&')}` : '';
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${search}`;
}

/** `encodeURIComponent` leaves five characters alone that RFC 3986 reserves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
