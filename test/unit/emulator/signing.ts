/** Signs requests independently of the client's and the emulator's code, so that neither can hide a defect of the other. */
import { createHash, createHmac } from 'node:crypto';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secret: string;
}

export const exampleKey: KeyPair = { accessKeyId: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

export interface Unsigned {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SignV4Options {
  readonly at: number;
  readonly service: string;
  readonly region?: string;
  readonly key?: KeyPair;
}

export function signedV4(
  unsigned: Unsigned,
  { at, service, region = 'us-east-1', key = exampleKey }: SignV4Options,
): Request {
  const { method, url, body = '' } = unsigned;
  const { host, pathname, searchParams } = new URL(url);
  const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = { ...unsigned.headers, host, 'x-amz-date': time };
  const names = Object.keys(headers).sort();
  const query = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort();
  const path = pathname.split('/').map(encoded).join('/');
  const lines = names.map((name) => `${name}:${headers[name]}`);
  const canonical = [method, path, query.join('&'), ...lines, '', names.join(';'), sha256(body)].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  let signingKey: string | Buffer = `AWS4${key.secret}`;
  for (const part of scope.split('/')) signingKey = hmac('sha256', signingKey, part);
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const signature = hmac('sha256', signingKey, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return new Request(url, { method, headers: { ...headers, authorization }, body: body === '' ? null : body });
}

/** A form body with a version 2 signature in its parameters. */
export function signedV2(
  url: string,
  parameters: Readonly<Record<string, string>>,
  { at, key = exampleKey }: { readonly at: number; readonly key?: KeyPair },
): Request {
  const all: Record<string, string> = {
    ...parameters,
    AWSAccessKeyId: key.accessKeyId,
    SignatureVersion: '2',
    SignatureMethod: 'HmacSHA256',
    Timestamp: new Date(at).toISOString(),
  };
  const names = Object.keys(all).sort();
  const canonical = names.map((name) => `${name}=${encoded(all[name] ?? '')}`).join('&');
  const toSign = ['POST', new URL(url).host, '/', canonical].join('\n');
  const Signature = hmac('sha256', key.secret, toSign).toString('base64');
  return new Request(url, {
    method: 'POST',
    headers: formHeaders,
    body: new URLSearchParams({ ...all, Signature }).toString(),
  });
}

export const formHeaders = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

function encoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((sign) => (/[\w.~-]/.test(sign) ? sign : `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`))
    .join('');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(algorithm: string, key: string | Buffer, text: string): Buffer {
  return createHmac(algorithm, key).update(text).digest();
}
