/** Helpers for tests of foreign clients against an emulator with variety. */
import { seededBy } from '../../support/seeded.ts';

/** Runs with each seed; a failure prints its seed. */
export const seeded = seededBy('npm run test:foreign --');

/** Longer than any lag of the emulator, in milliseconds of its clock. */
export const lagMs = 2_000;

/** Retries a read of a new job, which the first readers may not find, as the waiter of Terraform's provider does. */
export async function readNew<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (tries > 3 || !(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    }
  }
}
