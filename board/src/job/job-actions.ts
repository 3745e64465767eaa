/** The actions on a job, as mutations. */
import { graphql, type VariablesOf } from '../graphql.ts';
import { type Job, needsUpload } from './job-document.ts';

export const startDocument = graphql(`mutation Start($id: ID!) {
  payload: startDataExchangeJob(id: $id) { job { id } userErrors { message } }
}`);
const cancelDocument = graphql(`mutation Cancel($id: ID!) {
  payload: cancelJob(id: $id) { job { id } userErrors { message } }
}`);
export const repeatDocument = graphql(`mutation Repeat($id: ID!, $start: Boolean!, $idempotencyKey: String) {
  payload: repeatDataExchangeJob(id: $id, start: $start, idempotencyKey: $idempotencyKey) {
    job { id }
    userErrors { message }
  }
}`);

interface Words {
  readonly word: string;
  readonly doing: string;
  readonly done: string;
  /** What to ask first of something that cannot be undone. */
  readonly question?: string;
}

export interface Change extends Words {
  readonly document: typeof startDocument | typeof cancelDocument;
  readonly variables: { readonly id: string };
}

/** Makes another job. */
export interface Repeat extends Words {
  readonly document: typeof repeatDocument;
  readonly variables: VariablesOf<typeof repeatDocument>;
}

export type Action = Change | Repeat;

export function actionsOf(job: Job): readonly Action[] {
  const may = (action: 'START' | 'CANCEL'): boolean => job.availableActions.includes(action);
  const isStartable = may('START') && !needsUpload(job);
  return [
    ...(isStartable ? [startOf(job)] : []),
    ...(job.__typename === 'DataExchangeJob' && job.isFinished ? [repeatOf(job)] : []),
    ...(may('CANCEL') ? [cancelOf(job)] : []),
  ];
}

function startOf({ id }: Job): Change {
  return {
    word: 'Start',
    doing: 'Starting the job',
    done: 'The job is started.',
    document: startDocument,
    variables: { id },
  };
}

function cancelOf({ id }: Job): Change {
  return {
    word: 'Cancel',
    doing: 'Cancelling the job',
    done: 'The job is cancelled.',
    question: 'A cancelled job cannot be taken up again.',
    document: cancelDocument,
    variables: { id },
  };
}

function repeatOf(job: Job): Repeat {
  return {
    word: 'Repeat',
    doing: 'Creating the job again',
    done: 'The job is created again.',
    document: repeatDocument,
    variables: { id: job.id, start: !needsUpload(job) },
  };
}
