/** Selects several jobs and cancels them at once. */
import { useRef, useState } from 'preact/hooks';
import { useJobs, useJobsState } from 'waybill-client/react';
import type { JobStore } from 'waybill-client/store';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import { Modal } from '../parts/modal.tsx';
import { cancelDocument, cancelJobs, type Outcome } from './cancel-jobs.ts';
import { whatOf } from './job-row.tsx';
import { Outcomes } from './outcomes.tsx';
import type { ListedJob } from './store.ts';

interface Props {
  readonly store: JobStore<ListedJob>;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

function cancellableOf(jobs: ReadonlyMap<string, ListedJob>): readonly ListedJob[] {
  return [...jobs.values()].filter(({ availableActions }) => availableActions.includes('CANCEL'));
}

export function Many({ store, selected, onSelect }: Props) {
  const jobs = useJobs(store);
  const { hasMore } = useJobsState(store);
  const [isAsking, setIsAsking] = useState(false);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const cancellable = cancellableOf(jobs);
  // A job that has begun meanwhile can no longer be cancelled.
  const chosen = cancellable.filter(({ id }) => selected.has(id));
  const bar = useRef<HTMLFieldSetElement>(null);

  /** The focus stays here: the button that was pressed may go. */
  function select(ids: ReadonlySet<string>): void {
    bar.current?.focus({ preventScroll: true });
    onSelect(ids);
  }

  async function cancel(): Promise<void> {
    setIsAsking(false);
    setOutcomes([]);
    onSelect(new Set());
    await cancelJobs(chosen, (more) => setOutcomes((before) => [...before, ...more]));
  }

  return (
    <>
      <fieldset ref={bar} tabIndex={-1} class={chosen.length > 0 ? 'many is-chosen' : 'many'}>
        <legend class="visually-hidden">Selection</legend>
        {chosen.length > 0 && (
          <>
            <span role="status">
              <strong>{chosen.length} selected</strong>: {countsOf(chosen)}
            </span>
            <button type="button" class="danger" onClick={() => setIsAsking(true)}>
              Cancel {chosen.length === 1 ? 'it' : 'them'} …
            </button>
            <button type="button" class="quiet" onClick={() => select(new Set())}>
              Select none
            </button>
          </>
        )}
        {cancellable.length > chosen.length && (
          <button type="button" class="quiet" onClick={() => select(new Set(cancellable.map(({ id }) => id)))}>
            {selectionWords(cancellable.length, hasMore)}
          </button>
        )}
        {hasMore && <AllThatMatch store={store} onSelect={select} />}
      </fieldset>
      {isAsking && <Question jobs={chosen} onCancel={() => void cancel()} onClose={() => setIsAsking(false)} />}
      <Outcomes
        outcomes={outcomes}
        onClose={() => {
          bar.current?.focus({ preventScroll: true });
          setOutcomes([]);
        }}
      />
    </>
  );
}

function selectionWords(count: number, hasMore: boolean): string {
  if (count === 1) return 'Select the one that can be cancelled';
  return `Select ${hasMore ? `the ${count} shown` : `all ${count}`} that can be cancelled`;
}

/** How many of which kind, for those who have not picked each by hand. */
function countsOf(jobs: readonly ListedJob[]): string {
  const counts = new Map<string, number>();
  for (const job of jobs) counts.set(whatOf(job), (counts.get(whatOf(job)) ?? 0) + 1);
  return [...counts].map(([what, count]) => `${count} × ${what}`).join(', ');
}

/** The services count nothing, so that all have to be read before they can be selected. */
function AllThatMatch({ store, onSelect }: Pick<Props, 'store' | 'onSelect'>) {
  const [isReading, setIsReading] = useState(false);
  const isWanted = useRef(false);
  async function selectAll(): Promise<void> {
    isWanted.current = true;
    setIsReading(true);
    for (let state = store.state.getSnapshot(); isWanted.current && state.hasMore; state = store.state.getSnapshot()) {
      await store.loadMore();
      if (store.state.getSnapshot().error !== undefined) break;
    }
    setIsReading(false);
    if (isWanted.current) onSelect(new Set(cancellableOf(store.getSnapshot()).map(({ id }) => id)));
  }
  return isReading ? (
    <>
      <span role="status">Reading older jobs: {store.getSnapshot().size} so far</span>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          isWanted.current = false;
        }}
      >
        Stop
      </button>
    </>
  ) : (
    <button type="button" class="quiet" onClick={() => void selectAll()}>
      Select all that match, older ones too
    </button>
  );
}

interface QuestionProps {
  readonly jobs: readonly ListedJob[];
  readonly onCancel: () => void;
  readonly onClose: () => void;
}

function Question({ jobs, onCancel, onClose }: QuestionProps) {
  const isOne = jobs.length === 1;
  return (
    <Modal title={`Cancel ${isOne ? 'this job' : `these ${jobs.length} jobs`}?`} onClose={onClose}>
      <p>A cancelled job cannot be taken up again.</p>
      <ul class="asked">
        {jobs.map((job) => (
          <li key={job.id}>
            {whatOf(job)} <code>{job.awsJobId}</code>
          </li>
        ))}
      </ul>
      <div class="actions">
        <button type="button" class="danger" onClick={onCancel}>
          Cancel {isOne ? 'the job' : `${jobs.length} jobs`}
        </button>
        <button type="button" onClick={onClose}>
          Keep {isOne ? 'it' : 'them'}
        </button>
        <CopyAsGraphQL query={cancelDocument} variables={{ ids: jobs.map(({ id }) => id) }} />
      </div>
    </Modal>
  );
}
