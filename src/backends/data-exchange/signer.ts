/** Converts a call into a signed HTTP request, equal to the one that the AWS SDK would write and sign. */
import { Hash } from '@smithy/hash-node';
import type { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentials } from '../calls/credentials.ts';
import type { SignedRequest } from '../calls/exchange.ts';
import { createHeaderSigner, type SignHeaders } from '../calls/sigv4.ts';
import { uriEncoded } from '../uri-encoding.ts';
import { createReadWriter } from './read-template.ts';
import type { Read } from './reads.ts';
import { createSdk, type SdkOptions, type WriteCommand } from './unsent-request.ts';

/** A call that changes something. */
export interface Write {
  readonly operation: string;
  readonly effect: 'write';
  readonly command: WriteCommand;
}

export type Call = Read | Write;

export function writeOf(command: WriteCommand): Write {
  // The SDK names its classes by the operations of the service's model.
  return { operation: command.constructor.name.replace(/Command$/, ''), effect: 'write', command };
}

/** Rejects with the error of the SDK if there is no region. */
export type Signer = (call: Call, key: AwsCredentials, signedAt: Date) => Promise<SignedRequest>;

const service = 'dataexchange';

/** Writes are rare, so the SDK writes each and its signer signs it. For reads the SDK writes only a template. */
export function createSigner(options: SdkOptions): Signer {
  const sdk = createSdk(options);
  const readFrom = createReadWriter(sdk);
  let signHeaders: SignHeaders | undefined;

  const signedRead = async (read: Read, key: AwsCredentials, signedAt: Date): Promise<SignedRequest> => {
    const request = await readFrom(read);
    signHeaders ??= createHeaderSigner({ service, region: await sdk.region() });
    return { url: request.url, method: request.method, headers: signHeaders(request, key, signedAt) };
  };

  const signedWrite = async ({ command }: Write, key: AwsCredentials, signedAt: Date): Promise<SignedRequest> => {
    const request = await sdk.unsent(command);
    const scope = { service, region: await sdk.region(), credentials: key };
    const signer = new SignatureV4({ ...scope, sha256: Hash.bind(null, 'sha256') });
    const { headers } = await signer.sign(request, { signingDate: signedAt });
    const { method, body } = request;
    return { url: urlOf(request), method, headers, ...(body === undefined ? {} : { body }) };
  };

  return (call, key, signedAt) =>
    call.effect === 'read' ? signedRead(call, key, signedAt) : signedWrite(call, key, signedAt);
}

/** The URL of `request`, its query encoded exactly as SigV4 signs it: sorted by key, and by RFC 3986. */
function urlOf({ protocol, hostname, port, path, query }: HttpRequest): string {
  const pairs = Object.entries(query).map(([key, value]) => `${uriEncoded(key)}=${uriEncoded(String(value ?? ''))}`);
  const search = pairs.length > 0 ? `?${pairs.sort().join('&')}` : '';
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${search}`;
}
