/** AWS signature version 2, which the API's reference of 2010 describes. */
import { createHmac } from 'node:crypto';
import { encodedQuery, type Parameter } from './query.ts';
import { formContentType, type SignedForm, type SigningContext } from './signature.ts';

/** Signs within the form: its own parameters and `Signature` join those of the call, in the canonical order. */
export async function signV2(parameters: readonly Parameter[], context: SigningContext): Promise<SignedForm> {
  const unsigned: Parameter[] = [
    ...parameters,
    ['AWSAccessKeyId', context.key.accessKeyId],
    ['SignatureMethod', 'HmacSHA256'],
    ['SignatureVersion', '2'],
    ['Timestamp', wholeSeconds(context.signedAt)],
  ];
  const signature = createHmac('sha256', context.key.secretAccessKey)
    .update(stringToSign(unsigned, context.endpoint))
    .digest('base64');
  const body = encodedQuery(inByteOrder([...unsigned, ['Signature', signature]]));
  return { headers: { 'content-type': formContentType }, body };
}

/**
 * The four lines that are signed. The host keeps its port unless that is the default one, and parameters are sorted by
 * name only: sorted as `name=value`, `jobIds.member.10` would come before `jobIds.member.1`.
 */
export function stringToSign(parameters: readonly Parameter[], endpoint: URL): string {
  return ['POST', endpoint.host, endpoint.pathname, encodedQuery(inByteOrder(parameters))].join('\n');
}

function inByteOrder(parameters: readonly Parameter[]): Parameter[] {
  return parameters.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** The form that the AWS SDKs send, such as `2015-05-27T18:58:21Z`. */
function wholeSeconds(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}
