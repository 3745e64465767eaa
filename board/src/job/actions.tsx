/** What can be done with a job now. Each action can be copied as GraphQL. */
import { useState } from 'preact/hooks';
import { createOnce } from 'waybill-client';
import { Link, useLocation } from 'wouter-preact';
import { type Answer, request } from '../gateway.ts';
import type { ResultOf } from '../graphql.ts';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import { Modal } from '../parts/modal.tsx';
import { Said } from '../parts/said.tsx';
import type { Viewer } from '../viewer.ts';
import { type Action, actionsOf, repeatDocument } from './job-actions.ts';
import type { Job } from './job-document.ts';

type Answered = Answer<ResultOf<Action['document']>>;

interface Props {
  readonly job: Job;
  readonly viewer: Viewer;
  readonly onDone: () => void;
}

export function Actions({ job, viewer, onDone }: Props) {
  const [, navigate] = useLocation();
  const [message, setMessage] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [asked, setAsked] = useState<Action | undefined>();
  const [last, setLast] = useState<Action | undefined>();

  async function run(action: Action): Promise<void> {
    setAsked(undefined);
    setIsBusy(true);
    setLast(action);
    setMessage(action.doing);
    const { data, errors } = await send(action, setMessage);
    setIsBusy(false);
    const payload = data?.payload;
    const fault = payload?.userErrors[0]?.message ?? errors?.[0]?.message;
    setMessage(fault ?? action.done);
    if (fault === undefined && action.document === repeatDocument && payload?.job) navigate(`/jobs/${payload.job.id}`);
    onDone();
  }

  const isDisk = job.__typename === 'ImportExportJob';
  const mayUpdate = isDisk && job.availableActions.includes('UPDATE');
  return (
    <div class="actions">
      {actionsOf(job).map((action) => (
        <button
          key={action.word}
          type="button"
          class={action.question === undefined ? '' : 'danger'}
          disabled={isBusy}
          onClick={() => (action.question === undefined ? void run(action) : setAsked(action))}
        >
          {action.word}
          {action.question !== undefined && ' …'}
        </button>
      ))}
      {mayUpdate && <Link href={`/jobs/${job.id}/manifest`}>Replace the manifest</Link>}
      {isDisk && viewer.mayReadSecrets && job.device?.location === 'NOT_RECEIVED' && !job.isFinished && (
        <Link href={`/jobs/${job.id}/label`}>Print a shipping label</Link>
      )}
      <Said text={message} />
      {last && <CopyAsGraphQL query={last.document} variables={last.variables} />}
      {asked && (
        <Modal title={`${asked.word} this job?`} onClose={() => setAsked(undefined)}>
          <p>{asked.question}</p>
          <div class="actions">
            <button type="button" class="danger" onClick={() => void run(asked)}>
              {asked.word} it
            </button>
            <button type="button" onClick={() => setAsked(undefined)}>
              Keep it
            </button>
          </div>
        </Modal>
      )}
    </div>
  );
}

const unanswered: Answered = {
  errors: [{ message: 'The gateway did not answer. What this page shows next is what has happened.' }],
};

function send(action: Action, onMessage: (message: string) => void): Promise<Answered> {
  if (action.document !== repeatDocument) return request(action.document, action.variables).catch(() => unanswered);
  const { document, variables } = action;
  return createOnce(`repeat-${variables.id}`, async (idempotencyKey) => {
    const answer = request(document, { ...variables, idempotencyKey });
    answer.catch(() => onMessage('The answer was lost. Finding out whether the job was created'));
    return answer;
  }).catch(() => unanswered);
}
