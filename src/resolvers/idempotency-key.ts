/** Checks idempotency keys, and runs one create for each. */

import type { Create } from '../creates/create.ts';
import { fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { invalidInput } from './failures.ts';
import { Refusal } from './payload.ts';

const keyShape = /^[A-Za-z0-9_-]+$/;

/** Throws `Refusal` for a malformed key. A create needs no key. */
export function checkIdempotencyKey(key: Maybe<string>): void {
  if (key == null || (fits(key.length, sizes.idempotencyKey) && keyShape.test(key))) return;
  throw new Refusal(
    invalidInput(
      ['input', 'idempotencyKey'],
      `An idempotency key has ${rangeOf(sizes.idempotencyKey)}, each a letter, a digit, \`_\` or \`-\`.`,
    ),
  );
}

/** The result of this key's create, made now or by an earlier call. Throws as `CreateOnce.run` does. */
export function createdOnce<Result>(create: Create<Result>, key: Maybe<string>, context: Context): Promise<Result> {
  const { caller, createOnce, signal } = context;
  return createOnce.run({ tenant: caller.id, key, create, signal, onReplay: () => context.markReplayed() });
}
