/** Finalizes a revision, which publishes it. */
import { type Check, faultsIn, object } from '../backends/input/checks.ts';
import type { Revision, RevisionRef } from '../model/catalog.ts';
import { catalogRefFrom } from './catalog-id.ts';
import type { Context } from './context.ts';
import type { RevisionPayload } from './create-revision.ts';
import { userErrorsFrom } from './failures.ts';
import { payloadOf, Refusal } from './payload.ts';

export async function finalizeRevision(
  _parent: unknown,
  { id, force }: { id: string; force: boolean },
  context: Context,
): Promise<RevisionPayload> {
  const { backends, signal } = context;
  const errorsFrom = (error: unknown) => userErrorsFrom(error, [], ['id']);
  return payloadOf<{ revision: Revision }>({ context, refused: { revision: null }, errorsFrom }, async () => ({
    revision: await backends.catalog.finalizeRevision(revisionRefFrom(id), force, { signal }),
  }));
}

/** Throws `Refusal` unless `id` is that of a revision. */
function revisionRefFrom(id: string): RevisionRef {
  const ref = catalogRefFrom(id);
  if (ref?.kind !== 'Revision') throw new Refusal(...faultsIn(idRules, { id }));
  const { awsDataSetId, awsRevisionId } = ref;
  return { awsDataSetId, awsRevisionId };
}

const revisionId: Check = (id, path, findings) => {
  const isRight = typeof id === 'string' && catalogRefFrom(id)?.kind === 'Revision';
  if (isRight) return;
  findings.add(path, { code: 'INVALID_ID', parameters: { expected: 'Revision' }, says: 'must be that of a revision' });
};

const idRules = object({ id: revisionId });
