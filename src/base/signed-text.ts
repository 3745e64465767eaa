/** Signs opaque texts that clients send back, so that nobody can forge one. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * `value` as `<payload>.<signature>`. Anyone can read it; only the owner of `key` can create it. With `holder` it is
 * valid for that caller only.
 */
export function signedText(value: unknown, key: Uint8Array, holder?: string): string {
  const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${payload}.${signatureOf(payload, key, holder).toString('base64url')}`;
}

export interface UnverifiedText {
  /** The content of the text, whoever made it. */
  readonly value: unknown;
  readonly isSignedWith: (key: Uint8Array, holder?: string) => boolean;
}

/** Parses a text; undefined if it does not have the form. Its signature is not checked yet. */
export function readSignedText(text: string): UnverifiedText | undefined {
  const [payload = '', signature = '', ...rest] = text.split('.');
  const value = jsonFrom(payload);
  if (rest.length > 0 || value === undefined) return undefined;
  return { value, isSignedWith: (key, holder) => isEqual(signature, signatureOf(payload, key, holder)) };
}

function isEqual(signature: string, expected: Buffer): boolean {
  const received = Buffer.from(signature, 'base64url');
  // Decoding ignores characters outside the alphabet, so several texts would have one signature.
  const isCanonical = received.toString('base64url') === signature;
  return isCanonical && received.length === expected.length && timingSafeEqual(received, expected);
}

function signatureOf(payload: string, key: Uint8Array, holder: string | undefined): Buffer {
  const signed = holder === undefined ? payload : JSON.stringify([holder, payload]);
  return createHmac('sha256', key).update(signed).digest().subarray(0, 16);
}

function jsonFrom(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return undefined;
  }
}
