/** Hooks for React. */
import { useCallback, useSyncExternalStore } from 'react';
import type { ResumableClient } from './resumable.ts';
import type { ConnectionStatus } from './status.ts';
import type { JobRow, JobStore, JobStoreState, StoredJob } from './store.ts';

/** The jobs of a store by their ids, newest first. */
export function useJobs<Job extends StoredJob = JobRow>(store: JobStore<Job>): ReadonlyMap<string, Job> {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}

/** One job of a store. A component that uses it renders when this job changes, and not when others do. */
export function useJob<Job extends StoredJob = JobRow>(store: JobStore<Job>, id: string): Job | undefined {
  const snapshot = useCallback(() => store.getSnapshot().get(id), [store, id]);
  return useSyncExternalStore(store.subscribe, snapshot, snapshot);
}

/** Whether a store has read its jobs, has more of them, or has failed. Beside `useJobs`, which makes it read. */
export function useJobsState<Job extends StoredJob = JobRow>({ state }: JobStore<Job>): JobStoreState {
  return useSyncExternalStore(state.subscribe, state.getSnapshot, state.getSnapshot);
}

/** What to say of the connection. */
export function useConnectionStatus({ status }: ResumableClient): ConnectionStatus {
  return useSyncExternalStore(status.subscribe, status.getSnapshot, status.getSnapshot);
}
