/** What can be done with a job now. Each action can be copied as GraphQL. */
import { useState } from 'preact/hooks';
import { createOnce } from 'waybill-client';
import { useLocation } from 'wouter-preact';
import { type Answer, request } from '../gateway.ts';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import type { Job } from './job-document.ts';

interface Payload {
  readonly job?: { readonly id: string } | null;
  readonly userErrors: readonly { readonly message: string }[];
}

interface Action {
  readonly word: string;
  readonly done: string;
  readonly document: string;
  readonly isDanger?: boolean;
}

const start: Action = {
  word: 'Start',
  done: 'Started.',
  document: 'mutation Start($id: ID!) {\n  startDataExchangeJob(id: $id) { job { id } userErrors { message } }\n}',
};
const cancel: Action = {
  word: 'Cancel',
  done: 'Cancelled.',
  document: 'mutation Cancel($id: ID!) {\n  cancelJob(id: $id) { job { id } userErrors { message } }\n}',
  isDanger: true,
};
const repeat: Action = {
  word: 'Repeat',
  done: 'Created again.',
  document:
    'mutation Repeat($id: ID!, $idempotencyKey: String) {\n  repeatDataExchangeJob(id: $id, idempotencyKey: $idempotencyKey, start: true) { job { id } userErrors { message } }\n}',
};

function actionsOf(job: Job): readonly Action[] {
  return [
    ...(job.availableActions.includes('START') ? [start] : []),
    ...(job.availableActions.includes('CANCEL') ? [cancel] : []),
    ...(job.service === 'DATA_EXCHANGE' && job.isFinished ? [repeat] : []),
  ];
}

export function Actions({ job, onDone }: { readonly job: Job; readonly onDone: () => void }) {
  const [, navigate] = useLocation();
  const [message, setMessage] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [last, setLast] = useState<Action | undefined>();

  async function run(action: Action): Promise<void> {
    setIsBusy(true);
    setLast(action);
    setMessage('');
    const variables = { id: job.id };
    const answer: Answer<Record<string, Payload>> =
      action === repeat
        ? await createOnce(`repeat-${job.id}`, (idempotencyKey) =>
            request<Record<string, Payload>>(action.document, { ...variables, idempotencyKey }),
          )
        : await request<Record<string, Payload>>(action.document, variables).catch(() => ({
            errors: [{ message: 'The gateway did not answer. What is shown here says what has happened.' }],
          }));
    setIsBusy(false);
    const payload = Object.values(answer.data ?? {})[0];
    const fault = payload?.userErrors[0]?.message ?? answer.errors?.[0]?.message;
    setMessage(fault ?? action.done);
    if (fault === undefined && action === repeat && payload?.job) navigate(`/jobs/${payload.job.id}`);
    onDone();
  }

  return (
    <div class="actions">
      {actionsOf(job).map((action) => (
        <button
          key={action.word}
          type="button"
          class={action.isDanger ? 'danger' : ''}
          disabled={isBusy}
          onClick={() => void run(action)}
        >
          {action.word}
        </button>
      ))}
      <p role="status">{message}</p>
      {last && <CopyAsGraphQL query={last.document} variables={{ id: job.id }} />}
    </div>
  );
}
