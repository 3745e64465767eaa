/** The one access key that the emulator knows. It and its secret are the example pair of AWS's documentation. */
export const knownAccessKeyId = 'AKIDEXAMPLE';
const knownSecret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** What is wrong with a request's signature; each service words it as an error of its own. */
export type SignatureFault = 'missing' | 'incomplete' | 'unknownKey' | 'untimely' | 'mismatch';

export function secretFor(accessKeyId: string): string | undefined {
  return accessKeyId === knownAccessKeyId ? knownSecret : undefined;
}

/** Fifteen minutes either way, as is customary at AWS; neither service documents its own figure. */
const toleranceMs = 15 * 60 * 1000;

/** False also for an instant that is not one. */
export function isTimely(signedAt: number, now: number): boolean {
  return Math.abs(now - signedAt) <= toleranceMs;
}
