/** The only access key that the emulator accepts, with its secret the example pair of AWS's documentation. */
export const knownAccessKeyId = 'AKIDEXAMPLE';
const knownSecret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** The fault of a request's signature; each service has its own error for it. */
export type SignatureFault = 'missing' | 'incomplete' | 'unknownKey' | 'untimely' | 'mismatch';

export function secretFor(accessKeyId: string): string | undefined {
  return accessKeyId === knownAccessKeyId ? knownSecret : undefined;
}

/** 15 minutes in both directions, as usual at AWS; neither service documents a figure. */
const toleranceMs = 15 * 60 * 1000;

/** False also for NaN. */
export function isTimely(signedAt: number, now: number): boolean {
  return Math.abs(now - signedAt) <= toleranceMs;
}
