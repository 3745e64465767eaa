/** The mutation `finalizeRevision`. */
import type { RevisionPayload } from '../resolvers/create-revision.ts';
import { finalizeRevision } from '../resolvers/finalize-revision.ts';
import { builder } from './builder.ts';
import { Revision } from './catalog/refs.ts';
import { payloadType } from './payload.ts';
import { publication } from './price.ts';
import { readingCatalog, writingCatalog } from './rights.ts';

const FinalizeRevisionPayload = payloadType<RevisionPayload>('FinalizeRevisionPayload', {
  description: 'The published revision, or why it was not published.',
  rights: readingCatalog,
  fields: (t) => ({
    revision: t.expose('revision', {
      type: Revision,
      nullable: true,
      description: 'The finalized revision. Null if the request was refused.',
    }),
  }),
});

builder.mutationField('finalizeRevision', (t) =>
  t.field({
    extensions: { ...publication, ...writingCatalog },
    type: FinalizeRevisionPayload,
    description:
      'Finalizes a revision, which publishes it and cannot be undone: subscribers see it, and nothing can be imported into it any more. A revision that is finalized already counts as success, so it is safe to repeat this after a lost answer.\n\n`userErrors` has `IMPORT_UNDER_WAY` while an import into the revision waits or runs, `IMPORT_FAILED` if the last one failed or timed out (cancelled ones do not count), `IMPORTS_UNKNOWN` if the revision has too many jobs to look through, `REVISION_EMPTY` if it has no assets, `NOT_FOUND` if there is no such revision, and `ACCESS_DENIED` if another account owns it or the credentials of the gateway may not do this. If its jobs cannot be read it is not published, and an error says so.\n\nUsually costs three calls, and counts 17 points: it may have to read ten pages of jobs.',
    args: {
      id: t.arg.id({ description: 'The `id` of a revision.' }),
      force: t.arg.boolean({
        defaultValue: false,
        description:
          'Publish without looking at its imports. One that is under way then fails, and its assets are missing from the revision for good.',
      }),
    },
    resolve: finalizeRevision,
  }),
);
