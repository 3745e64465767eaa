/** The idempotency key of a create. */
import { sizes } from '../model/job-input-sizes.ts';
import { sized } from './sized.ts';

/** The options of `idempotencyKey` in the input of a create. */
export const idempotencyKey = {
  required: false,
  ...sized(
    sizes.idempotencyKey,
    (range) =>
      `Your own name for this request. Send the same again after a lost answer: within 24 hours nothing is created twice, also over restarts. A repeat is answered with what the first request created, as it is now, and with \`extensions.replayed\`. From ${range}, each a letter, a digit, \`_\` or \`-\`.`,
  ),
} as const;
