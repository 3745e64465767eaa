/** The list of the jobs of both services, live. */
import { useMemo, useState } from 'preact/hooks';
import { useJobs, useJobsState } from 'waybill-client/react';
import { useLocation, useSearchParams } from 'wouter-preact';
import { useAnnounced } from '../parts/announcer.tsx';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import { Heading } from '../parts/heading.tsx';
import type { Viewer } from '../viewer.ts';
import { stateWords } from '../words.ts';
import { AwayNotice } from './away-notice.tsx';
import { type Filter, filterFrom, isBackwards, jobFilterFrom, searchFrom } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { useHeldBack } from './held-back.ts';
import { whatOf } from './job-row.tsx';
import { JobTable } from './job-table.tsx';
import { Denied, Empty, ListFailure, Outage, Skeleton } from './list-states.tsx';
import { Many } from './many.tsx';
import { type ListedJob, listedJobs, listOperation } from './store.ts';

export function JobsPage({ viewer }: { readonly viewer: Viewer }) {
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const [attempt, setAttempt] = useState(0);
  if (!viewer.mayReadJobs) return <Denied />;
  const filter = filterFrom(search);
  // Without its question mark an empty search would leave the present one.
  const change = (next: Filter): void => navigate(`/?${searchFrom(next)}`);
  return (
    <>
      <Heading title="Jobs" class="visually-hidden" />
      <FilterBar filter={filter} mayReadNames={viewer.mayReadCatalog} onChange={change} />
      {isBackwards(filter) ? (
        <p class="empty">No job was created after the first of these days and before the last. Swap them.</p>
      ) : (
        // Another filter is another list.
        <JobList
          key={`${searchFrom(filter)} ${attempt}`}
          filter={filter}
          viewer={viewer}
          onRetry={() => setAttempt(attempt + 1)}
        />
      )}
    </>
  );
}

interface ListProps {
  readonly filter: Filter;
  readonly viewer: Viewer;
  readonly onRetry: () => void;
}

function JobList({ filter, viewer, onRetry }: ListProps) {
  const jobFilter = jobFilterFrom(filter);
  const store = useMemo(() => listedJobs(jobFilter, viewer.mayReadCatalog), []);
  const all = useJobs(store);
  const { isLoaded, hasMore, unavailableServices, error } = useJobsState(store);
  const { jobs, kept, release } = useHeldBack(all);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  useAnnounced(all, describe);

  function select(id: string, isSelected: boolean): void {
    setSelected((before) => new Set(isSelected ? [...before, id] : [...before].filter((other) => other !== id)));
  }

  return (
    <section aria-label="Jobs" aria-busy={!isLoaded && error === undefined}>
      {error !== undefined && <ListFailure error={error} onRetry={onRetry} />}
      <Outage services={unavailableServices} />
      <AwayNotice jobs={all} />
      {kept > 0 && (
        <button type="button" class="new-jobs" onClick={release}>
          {kept} new {kept === 1 ? 'job' : 'jobs'}
        </button>
      )}
      {viewer.mayWrite && <Many store={store} selected={selected} onSelect={setSelected} />}
      {!isLoaded && error === undefined && <Skeleton />}
      {isLoaded && jobs.length === 0 && unavailableServices.length === 0 && (
        <Empty isFiltered={Object.keys(filter).length > 0} hasMore={hasMore} mayWrite={viewer.mayWrite} />
      )}
      {jobs.length > 0 && <JobTable jobs={jobs} selected={selected} onSelect={viewer.mayWrite ? select : undefined} />}
      <div class="list-foot">
        {hasMore && <OlderJobs loadMore={store.loadMore} />}
        {isLoaded && <CopyAsGraphQL {...listOperation(jobFilter, viewer.mayReadCatalog)} />}
      </div>
    </section>
  );
}

function OlderJobs({ loadMore }: { readonly loadMore: () => Promise<void> }) {
  const [isBusy, setIsBusy] = useState(false);
  return (
    <button
      type="button"
      // Not disabled: it would lose the focus, and somebody with a keyboard their place.
      aria-disabled={isBusy}
      onClick={() => {
        if (isBusy) return;
        setIsBusy(true);
        void loadMore().finally(() => setIsBusy(false));
      }}
    >
      {isBusy ? 'Reading older jobs' : 'Older jobs'}
    </button>
  );
}

function describe(job: ListedJob): string {
  return `${whatOf(job)} ${job.awsJobId}: ${stateWords[job.state]}`;
}
