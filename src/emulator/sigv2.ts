/** Checks AWS Signature Version 2 (AWS General Reference, "Signature Version 2 signing process"). */
import { createHmac } from 'node:crypto';
import { isTimely, type SignatureFault, secretFor } from './credentials.ts';
import type { Incoming } from './incoming.ts';
import { percentEncoded } from './percent-encoding.ts';

/** The fault of the signature in the parameters of a decoded form body, or undefined. */
export function sigV2Fault(incoming: Incoming, parameters: URLSearchParams, now: number): SignatureFault | undefined {
  if (!isComplete(parameters)) return 'incomplete';
  const secret = secretFor(parameters.get('AWSAccessKeyId') ?? '');
  if (secret === undefined) return 'unknownKey';
  if (!isTimely(Date.parse(parameters.get('Timestamp') ?? ''), now)) return 'untimely';
  const signature = createHmac('sha256', secret).update(stringToSign(incoming, parameters)).digest('base64');
  return signature === parameters.get('Signature') ? undefined : 'mismatch';
}

/** Only HmacSHA256: no document of the service shows HmacSHA1 for requests. */
function isComplete(parameters: URLSearchParams): boolean {
  return (
    parameters.get('SignatureVersion') === '2' &&
    parameters.get('SignatureMethod') === 'HmacSHA256' &&
    parameters.has('Timestamp') &&
    parameters.has('Signature')
  );
}

function stringToSign(incoming: Incoming, parameters: URLSearchParams): string {
  return [incoming.method, incoming.host.toLowerCase(), '/', canonicalQuery(parameters)].join('\n');
}

/**
 * Built from the decoded parameters rather than the raw body, as some clients write `+` for a space or do not sort.
 * Sorted by name only, which differs from sorting the finished text for `jobIds.member.1` and `jobIds.member.10`.
 */
function canonicalQuery(parameters: URLSearchParams): string {
  return [...parameters]
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
    .join('&');
}
