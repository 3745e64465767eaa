/** Cancels jobs, and says what became of each. */
import { request } from '../gateway.ts';
import { graphql, type ResultOf } from '../graphql.ts';
import { whatOf } from './job-row.tsx';
import type { ListedJob } from './store.ts';

export interface Outcome {
  readonly id: string;
  readonly awsJobId: string;
  readonly what: string;
  /** Why the job was not cancelled, or why nobody knows. */
  readonly fault: string | undefined;
}

export const cancelDocument = graphql(`mutation CancelJobs($ids: [ID!]!) {
  cancelJobs(ids: $ids) {
    results { job { id } userErrors { message } unavailableService { message } }
  }
}`);

type Result = ResultOf<typeof cancelDocument>['cancelJobs']['results'][number];

/** As many ids as one mutation takes. */
const maxIds = 50;

/** Tells `onOutcomes` after each part, so that nobody waits for the last of many to see the first. */
export async function cancelJobs(
  jobs: readonly ListedJob[],
  onOutcomes: (outcomes: readonly Outcome[]) => void,
): Promise<void> {
  for (let from = 0; from < jobs.length; from += maxIds) {
    const some = jobs.slice(from, from + maxIds);
    const answer = await request(cancelDocument, {
      ids: some.map(({ id }) => id),
    }).catch(() => ({ data: null, errors: [{ message: 'The gateway did not answer: the list says what happened.' }] }));
    const results = answer.data?.cancelJobs.results;
    onOutcomes(some.map((job, index) => outcomeFrom(job, results?.[index], answer.errors?.[0]?.message)));
  }
}

function outcomeFrom(job: ListedJob, result: Result | undefined, message = 'It was not answered.'): Outcome {
  const fault = result ? (result.userErrors[0]?.message ?? result.unavailableService?.message) : message;
  return { id: job.id, awsJobId: job.awsJobId, what: whatOf(job), fault };
}
