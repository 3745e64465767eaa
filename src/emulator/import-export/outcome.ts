/**
 * Decides the outcome of a job by the `deviceId` of its manifest:
 *
 * - `FAULTY`: the device does not work (DeviceError);
 * - `UNSIGNED`: it has no SIGNATURE file (MissingSignature);
 * - `ERRORS`: three files fail (SuccessWithErrors);
 * - `LOST`: it never arrives, and the job expires after 30 days;
 * - any other: the job succeeds.
 */
import { fieldOf, type Manifest } from './manifest.ts';

export interface Outcome {
  readonly progressCode: string;
  readonly errorCount: number;
}

const outcomes: readonly (readonly [string, Outcome])[] = [
  ['FAULTY', { progressCode: 'DeviceError', errorCount: 0 }],
  ['UNSIGNED', { progressCode: 'MissingSignature', errorCount: 0 }],
  ['ERRORS', { progressCode: 'SuccessWithErrors', errorCount: 3 }],
];

const success: Outcome = { progressCode: 'Complete', errorCount: 0 };

export function outcomeOf(manifest: Manifest): Outcome {
  const [, outcome = success] = outcomes.find(([word]) => deviceIdOf(manifest).includes(word)) ?? [];
  return outcome;
}

export function neverArrives(manifest: Manifest): boolean {
  return deviceIdOf(manifest).includes('LOST');
}

function deviceIdOf({ fields }: Manifest): string {
  return fieldOf(fields, 'deviceId') ?? '';
}
