/** Checks AWS Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). */
import { createHash, createHmac } from 'node:crypto';
import { isTimely, type SignatureFault, secretFor } from './credentials.ts';
import type { Incoming } from './incoming.ts';
import { percentDecoded, percentEncoded } from './percent-encoding.ts';

const authorizationForm =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * The fault of the request's signature, or undefined. The scope must name one of `services`; any region is accepted,
 * and the key is derived from the scope as sent.
 */
export function sigV4Fault(incoming: Incoming, services: readonly string[], now: number): SignatureFault | undefined {
  const header = incoming.headers.get('authorization');
  if (header === null) return 'missing';
  const authorization = authorizationFrom(header);
  const amzDate = incoming.headers.get('x-amz-date') ?? '';
  if (authorization === undefined || !isComplete(authorization, amzDate, services)) return 'incomplete';
  const secret = secretFor(authorization.accessKeyId);
  if (secret === undefined) return 'unknownKey';
  if (!isTimely(instantFrom(amzDate), now)) return 'untimely';
  if (!bodyMatchesItsHash(incoming)) return 'mismatch';
  return signatureOf(incoming, authorization, amzDate, secret) === authorization.signature ? undefined : 'mismatch';
}

function authorizationFrom(header: string): Authorization | undefined {
  const [, accessKeyId, date, region, service, signedHeaders, signature] = authorizationForm.exec(header) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

function isComplete(authorization: Authorization, amzDate: string, services: readonly string[]): boolean {
  return (
    services.includes(authorization.service) &&
    authorization.signedHeaders.includes('host') &&
    amzDate.startsWith(authorization.date)
  );
}

/** From the basic form `20150527T185821Z`; NaN for anything else. */
function instantFrom(amzDate: string): number {
  return Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function bodyMatchesItsHash(incoming: Incoming): boolean {
  const claimed = incoming.headers.get('x-amz-content-sha256');
  return claimed === null || claimed === sha256(incoming.body);
}

function signatureOf(
  incoming: Incoming,
  { date, region, service, signedHeaders }: Authorization,
  amzDate: string,
  secret: string,
): string {
  const scope = [date, region, service, 'aws4_request'];
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    amzDate,
    scope.join('/'),
    sha256(canonicalRequest(incoming, signedHeaders)),
  ];
  const key = scope.reduce<string | Buffer>((derived, part) => hmac(derived, part), `AWS4${secret}`);
  return hmac(key, stringToSign.join('\n')).toString('hex');
}

function canonicalRequest(incoming: Incoming, signedHeaders: readonly string[]): string {
  return [
    incoming.method,
    // Every service except S3 encodes the path as sent once more.
    incoming.url.pathname.split('/').map(percentEncoded).join('/'),
    canonicalQuery(incoming.url.search),
    ...signedHeaders.map((name) => `${name}:${signedValue(incoming, name)}`),
    '',
    signedHeaders.join(';'),
    sha256(incoming.body),
  ].join('\n');
}

function canonicalQuery(search: string): string {
  const pairs = search
    .slice(1)
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=', 2).map((part) => percentEncoded(percentDecoded(part) ?? part)));
  return pairs
    .map(([name = '', value = '']) => `${name}=${value}`)
    .sort()
    .join('&');
}

/** A request in process may lack the Host and Content-Length headers although they were signed. */
function signedValue(incoming: Incoming, name: string): string {
  if (name === 'host') return incoming.host;
  const fallback = name === 'content-length' ? String(incoming.body.length) : '';
  return (incoming.headers.get(name) ?? fallback).trim().replace(/ +/g, ' ');
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
