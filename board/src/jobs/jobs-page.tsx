/** The list of the jobs of both services, live. */
import { useMemo, useState } from 'preact/hooks';
import { useJobs, useJobsState } from 'waybill-client/react';
import { useSearchParams } from 'wouter-preact';
import { useAnnounced } from '../parts/announcer.tsx';
import type { Viewer } from '../viewer.ts';
import { stateWords } from '../words.ts';
import { useFinishedWhileAway } from './away.ts';
import { CancelMany } from './cancel-many.tsx';
import { type Filter, filterFrom, jobFilterFrom, searchFrom } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { useHeldBack } from './held-back.ts';
import { JobRow, whatOf } from './job-row.tsx';
import { type ListedJob, listedJobs } from './store.ts';

export function JobsPage({ viewer }: { readonly viewer: Viewer }) {
  const [search, setSearch] = useSearchParams();
  const filter = filterFrom(search);
  const change = (next: Filter): void => setSearch(searchFrom(next));
  return (
    <>
      <h1 class="visually-hidden">Jobs</h1>
      <FilterBar filter={filter} mayReadNames={viewer.mayReadCatalog} onChange={change} />
      {/* Another filter is another list. */}
      <JobList key={search.toString()} filter={filter} viewer={viewer} />
    </>
  );
}

function JobList({ filter, viewer }: { readonly filter: Filter; readonly viewer: Viewer }) {
  const store = useMemo(() => listedJobs(jobFilterFrom(filter), viewer.mayReadCatalog), []);
  const all = useJobs(store);
  const { isLoaded, hasMore, error } = useJobsState(store);
  const { jobs, kept, release } = useHeldBack(all);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [finished, forget] = useFinishedWhileAway(all);
  useAnnounced(all, describe);

  function select(id: string, isSelected: boolean): void {
    const next = new Set(selected);
    if (isSelected) next.add(id);
    else next.delete(id);
    setSelected(next);
  }

  return (
    <section aria-label="Jobs" aria-busy={!isLoaded}>
      {error !== undefined && <ListFailure error={error} />}
      {finished > 0 && (
        <p class="notice">
          {finished} finished while you were away.{' '}
          <button type="button" class="quiet" onClick={forget}>
            Thanks
          </button>
        </p>
      )}
      {kept > 0 && (
        <button type="button" class="new-jobs" onClick={release}>
          {kept} new {kept === 1 ? 'job' : 'jobs'}
        </button>
      )}
      {viewer.mayWrite && <CancelMany jobs={all} selected={selected} onSelect={setSelected} />}
      {!isLoaded && error === undefined && <Skeleton />}
      {isLoaded && jobs.length === 0 && <Empty isFiltered={Object.keys(filter).length > 0} hasMore={hasMore} />}
      {jobs.length > 0 && (
        <table class="jobs">
          <thead>
            <tr>
              {viewer.mayWrite && (
                <th class="select">
                  <span class="visually-hidden">Select</span>
                </th>
              )}
              <th>State</th>
              <th>Job</th>
              <th>Service</th>
              <th>AWS id</th>
              <th>Created</th>
              <th>Finished</th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <JobRow
                key={job.id}
                job={job}
                isSelected={selected.has(job.id)}
                onSelect={viewer.mayWrite ? select : undefined}
              />
            ))}
          </tbody>
        </table>
      )}
      {hasMore && (
        <button type="button" class="more" onClick={() => void store.loadMore()}>
          Older jobs
        </button>
      )}
    </section>
  );
}

function describe(job: ListedJob): string {
  return `${whatOf(job)} ${job.awsJobId}: ${stateWords[job.state]}`;
}

function ListFailure({ error }: { readonly error: unknown }) {
  return (
    <p role="alert" class="failure">
      The list cannot be read at the moment. {error instanceof Error ? error.message : ''}
    </p>
  );
}

function Empty({ isFiltered, hasMore }: { readonly isFiltered: boolean; readonly hasMore: boolean }) {
  if (hasMore) return <p class="empty">None among the newest jobs. Older ones may fit.</p>;
  return (
    <p class="empty">
      {isFiltered ? 'No job fits these filters.' : 'No jobs yet. New ones appear here by themselves.'}
    </p>
  );
}

/** Lines where the jobs will be, so that nothing jumps when they come. */
function Skeleton() {
  return (
    <div class="skeleton">
      <p class="visually-hidden">Reading the newest jobs of both services</p>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}
