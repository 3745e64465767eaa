/** Publishes the draft that an import has filled. */
import { useState } from 'preact/hooks';
import { forgetRevisions } from '../catalog.ts';
import { request } from '../gateway.ts';
import { graphql, type ResultOf } from '../graphql.ts';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import { Modal } from '../parts/modal.tsx';
import { Said } from '../parts/said.tsx';
import { type DataExchangeJob, knownDetails, type Revision } from './job-document.ts';

const finalize = graphql(`mutation Publish($id: ID!, $force: Boolean!) {
  finalizeRevision(id: $id, force: $force) { revision { id isFinalized } userErrors { code message } }
}`);

type Fault = ResultOf<typeof finalize>['finalizeRevision']['userErrors'][number];

/** The sentence is for programs as well, which have no button for that. */
const advice = /,? or set `force`[^.]*/;

/** What somebody may know better than the gateway. */
const forcible = new Set(['IMPORT_UNDER_WAY', 'IMPORT_FAILED', 'IMPORTS_UNKNOWN']);

/** Exports read a revision, and an import that has failed leaves nothing new to publish. */
function draftOf(job: DataExchangeJob): Revision | undefined {
  const { revision } = knownDetails(job);
  const isImport = !job.type.startsWith('EXPORT');
  return isImport && job.state === 'COMPLETED' && revision && !revision.isFinalized ? revision : undefined;
}

export function Publish({ job, onDone }: { readonly job: DataExchangeJob; readonly onDone: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [message, setMessage] = useState('');
  const revision = draftOf(job);
  if (!revision) return message ? <Said text={message} /> : null;
  const { id } = revision;
  const mayForce = faults.length > 0 && faults.every(({ code }) => forcible.has(code));

  async function publish(force: boolean): Promise<void> {
    const { data, errors } = await request(finalize, { id, force }).catch(() => ({
      data: null,
      errors: [{ message: 'The gateway did not answer. It is safe to publish again.' }],
    }));
    const refused = data?.finalizeRevision.userErrors ?? [];
    setIsAsking(false);
    setFaults(refused);
    setMessage(errors?.[0]?.message ?? (refused.length === 0 ? 'The revision is published.' : ''));
    const { dataSetId } = knownDetails(job);
    if (dataSetId) forgetRevisions(dataSetId);
    onDone();
  }

  return (
    <section class="publish" aria-labelledby="publish">
      <h2 id="publish">The import is complete, and its revision is still a draft</h2>
      <p>Subscribers see it once it is published. {revision.comment && `It is called “${revision.comment}”.`}</p>
      {faults.map(({ message: fault }) => (
        <p role="alert" class="fault" key={fault}>
          {fault.replace(advice, '')}
        </p>
      ))}
      <div class="actions">
        <button type="button" onClick={() => setIsAsking(true)}>
          {mayForce ? 'Publish all the same' : 'Publish the revision'} …
        </button>
        <Said text={message} />
      </div>
      {isAsking && (
        <Modal title="Publish this revision?" onClose={() => setIsAsking(false)}>
          <p>That cannot be undone, and nothing can be imported into it any more.</p>
          {mayForce && <p>The gateway will not look at its imports: one that is under way then fails.</p>}
          <div class="actions">
            <button type="button" class="button" onClick={() => void publish(mayForce)}>
              Publish
            </button>
            <button type="button" onClick={() => setIsAsking(false)}>
              Keep the draft
            </button>
            <CopyAsGraphQL query={finalize} variables={{ id, force: mayForce }} />
          </div>
        </Modal>
      )}
    </section>
  );
}
