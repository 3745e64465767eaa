/** Tests of foreign clients against an emulator that answers as it may, and what such clients wait for. */
import { seededBy } from '../../support/seeded.ts';

/** Tried under each seed; a failure prints its seed. */
export const seeded = seededBy('npm run test:foreign --');

/** Beyond what any answer of the emulator lags behind, in milliseconds of its clock. */
export const lagMs = 2_000;

/** A new job may not be there for its first readers: as the waiter of Terraform's provider, asks again. */
export async function found<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (tries > 3 || !(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    }
  }
}
