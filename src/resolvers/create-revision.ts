/** Creates a revision of a data set: a draft, until it is finalized. */
import { faultsInRevision } from '../backends/data-exchange/catalog/catalog-checks.ts';
import { revisionCreate } from '../creates/catalog-create.ts';
import type { NewRevision, Revision } from '../model/catalog.ts';
import { faultsAt } from '../model/input-fault.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { userErrorsFrom } from './failures.ts';
import { createdOnce, faultsInKey } from './idempotency-key.ts';
import { type Payload, payloadOf, Refusal } from './payload.ts';

export type RevisionPayload = Payload<{ revision: Revision }>;

export interface CreateRevisionInput extends NewRevision {
  readonly idempotencyKey?: Maybe<string>;
}

export async function createRevision(
  _parent: unknown,
  { input: { idempotencyKey, ...request } }: { input: CreateRevisionInput },
  context: Context,
): Promise<RevisionPayload> {
  const errorsFrom = (error: unknown) => userErrorsFrom(error, ['input']);
  return payloadOf<{ revision: Revision }>({ context, refused: { revision: null }, errorsFrom }, async () => {
    const faults = [...faultsInKey(idempotencyKey), ...faultsInRevision(request)];
    if (faults.length > 0) throw new Refusal(...faultsAt(['input'], faults));
    return { revision: await createdOnce(revisionCreate(context.backends, request), idempotencyKey, context) };
  });
}
