/** The actions on a job, as mutations. */
import { type Job, needsUpload } from './job-document.ts';

export interface Payload {
  readonly job?: { readonly id: string } | null;
  readonly userErrors: readonly { readonly message: string }[];
}

export interface Action {
  readonly word: string;
  readonly doing: string;
  readonly done: string;
  readonly document: string;
  readonly variables: { readonly id: string };
  /** What to ask first of something that cannot be undone. */
  readonly question?: string;
  readonly isCreate?: boolean;
}

export function actionsOf(job: Job): readonly Action[] {
  const may = (action: 'START' | 'CANCEL'): boolean => job.availableActions.includes(action);
  const isStartable = may('START') && !needsUpload(job);
  return [
    ...(isStartable ? [startOf(job)] : []),
    ...(job.service === 'DATA_EXCHANGE' && job.isFinished ? [repeatOf(job)] : []),
    ...(may('CANCEL') ? [cancelOf(job)] : []),
  ];
}

function startOf({ id }: Job): Action {
  const document = `mutation Start($id: ID!) {
  startDataExchangeJob(id: $id) { job { id } userErrors { message } }
}`;
  return { word: 'Start', doing: 'Starting the job', done: 'The job is started.', document, variables: { id } };
}

function cancelOf({ id }: Job): Action {
  const document = `mutation Cancel($id: ID!) {
  cancelJob(id: $id) { job { id } userErrors { message } }
}`;
  const question = 'A cancelled job cannot be taken up again.';
  return {
    word: 'Cancel',
    doing: 'Cancelling the job',
    done: 'The job is cancelled.',
    document,
    variables: { id },
    question,
  };
}

function repeatOf(job: Job): Action {
  const document = `mutation Repeat($id: ID!, $idempotencyKey: String) {
  repeatDataExchangeJob(id: $id, idempotencyKey: $idempotencyKey, start: ${!needsUpload(job)}) {
    job { id }
    userErrors { message }
  }
}`;
  return {
    word: 'Repeat',
    doing: 'Creating the job again',
    done: 'The job is created again.',
    document,
    variables: { id: job.id },
    isCreate: true,
  };
}
