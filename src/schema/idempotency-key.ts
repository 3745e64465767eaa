/** The idempotency key of a create. */
import { sizes } from '../model/job-input-sizes.ts';
import { sized } from './sized.ts';

/** The options of `idempotencyKey` in the input of a create. */
export const idempotencyKey = {
  required: false,
  ...sized(
    sizes.idempotencyKey,
    (range) =>
      `Send the same key again after a lost answer: what this mutation creates is created once, for 24 hours and over restarts, and a repeat is answered with it as it is now, with \`extensions.replayed\`. From ${range}, each a letter, a digit, \`_\` or \`-\`.`,
  ),
} as const;
