/** Cancels several jobs at once, and says what became of each. */
import { useState } from 'preact/hooks';
import { request } from '../gateway.ts';
import { whatOf } from './job-row.tsx';
import type { ListedJob } from './store.ts';

interface Result {
  readonly job: { readonly id: string } | null;
  readonly userErrors: readonly { readonly message: string }[];
  readonly unavailableService: { readonly message: string } | null;
}

const cancelJobs = `mutation CancelJobs($ids: [ID!]!) {
  cancelJobs(ids: $ids) {
    results { job { id } userErrors { message } unavailableService { message } }
  }
}`;

/** As many ids as one mutation takes. */
const maxIds = 50;

interface Props {
  readonly jobs: ReadonlyMap<string, ListedJob>;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

export function CancelMany({ jobs, selected, onSelect }: Props) {
  const [isAsking, setIsAsking] = useState(false);
  const [outcomes, setOutcomes] = useState<readonly string[]>([]);
  const cancellable = [...jobs.values()].filter(({ availableActions }) => availableActions.includes('CANCEL'));
  const chosen = cancellable.filter(({ id }) => selected.has(id));

  async function cancel(): Promise<void> {
    setIsAsking(false);
    const told: string[] = [];
    for (let from = 0; from < chosen.length; from += maxIds) {
      const some = chosen.slice(from, from + maxIds);
      const answer = await request<{ cancelJobs: { results: readonly Result[] } }>(cancelJobs, {
        ids: some.map(({ id }) => id),
      }).catch((error: unknown) => ({ data: null, errors: [{ message: String(error) }] }));
      const results = answer.data?.cancelJobs.results;
      some.forEach((job, index) => {
        told.push(`${whatOf(job)} ${job.awsJobId}: ${outcomeOf(results?.[index], answer.errors?.[0]?.message)}`);
      });
    }
    setOutcomes(told);
    onSelect(new Set());
  }

  return (
    <>
      {cancellable.length > 0 && (
        <div class="many">
          <button type="button" class="quiet" onClick={() => onSelect(new Set(cancellable.map(({ id }) => id)))}>
            Select all {cancellable.length} that can be cancelled
          </button>
          {chosen.length > 0 && (
            <>
              <button type="button" class="quiet" onClick={() => onSelect(new Set())}>
                Select none
              </button>
              <button type="button" class="danger" onClick={() => setIsAsking(true)}>
                Cancel {chosen.length} {chosen.length === 1 ? 'job' : 'jobs'} …
              </button>
            </>
          )}
        </div>
      )}
      {isAsking && (
        <dialog open aria-label="Cancel these jobs?">
          <h2>Cancel {chosen.length === 1 ? 'this job' : `these ${chosen.length} jobs`}?</h2>
          <ul>
            {chosen.map((job) => (
              <li key={job.id}>
                {whatOf(job)} <code>{job.awsJobId}</code>
              </li>
            ))}
          </ul>
          <button type="button" class="danger" onClick={() => void cancel()}>
            Cancel {chosen.length === 1 ? 'it' : 'them'}
          </button>
          <button type="button" onClick={() => setIsAsking(false)}>
            Keep {chosen.length === 1 ? 'it' : 'them'}
          </button>
        </dialog>
      )}
      {outcomes.length > 0 && (
        <div class="notice" role="status">
          <ul>
            {outcomes.map((outcome) => (
              <li key={outcome}>{outcome}</li>
            ))}
          </ul>
          <button type="button" class="quiet" onClick={() => setOutcomes([])}>
            Close
          </button>
        </div>
      )}
    </>
  );
}

function outcomeOf(result: Result | undefined, message = 'not answered'): string {
  if (result === undefined) return message;
  return result.userErrors[0]?.message ?? result.unavailableService?.message ?? 'cancelled';
}
