/** Opaque texts that are handed out and come back: signed, so that nobody can make one up. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** `value` as `<payload>.<signature>`. Anybody can read it; only who has `key` can make it. With `holder` it is good for them only. */
export function signedText(value: unknown, key: Uint8Array, holder?: string): string {
  const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${payload}.${signatureOf(payload, key, holder).toString('base64url')}`;
}

export interface UnprovenText {
  /** What the text says, whoever made it. */
  readonly value: unknown;
  readonly isSignedWith: (key: Uint8Array, holder?: string) => boolean;
}

/** Takes a text apart; undefined where it has not the form of one. Its signature is still to be checked. */
export function readSignedText(text: string): UnprovenText | undefined {
  const [payload = '', signature = '', ...rest] = text.split('.');
  const value = jsonFrom(payload);
  if (rest.length > 0 || value === undefined) return undefined;
  return { value, isSignedWith: (key, holder) => isEqual(signature, signatureOf(payload, key, holder)) };
}

function isEqual(signature: string, expected: Buffer): boolean {
  const received = Buffer.from(signature, 'base64url');
  // Decoding skips what is not of the alphabet, so that many texts would stand for one signature.
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
