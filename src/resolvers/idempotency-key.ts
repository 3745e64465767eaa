/** Checks idempotency keys, and runs one create for each. */

import { faultsIn, maybe, object } from '../backends/input/checks.ts';
import { text } from '../backends/input/text-checks.ts';
import type { Create } from '../creates/create.ts';
import type { InputFault } from '../model/input-fault.ts';
import { rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';

const keyRules = object({
  idempotencyKey: maybe(
    text({
      size: sizes.idempotencyKey,
      pattern: /^[A-Za-z0-9_-]+$/,
      must: `have ${rangeOf(sizes.idempotencyKey)}, each a letter, a digit, _ or -`,
    }),
  ),
});

/** The fault of a malformed key, at `idempotencyKey`. A create needs no key. */
export function faultsInKey(idempotencyKey: Maybe<string>): readonly InputFault[] {
  return faultsIn(keyRules, { idempotencyKey });
}

/** The result of this key's create, made now or by an earlier call. Throws as `CreateOnce.run` does. */
export function createdOnce<Result>(create: Create<Result>, key: Maybe<string>, context: Context): Promise<Result> {
  const { caller, createOnce, signal } = context;
  const onReplay = () => context.markReplayed();
  const onUnmarked = () => context.markKeyNotTagged();
  return createOnce.run({ tenant: caller.id, key, create, signal, onReplay, onUnmarked });
}
