/** A few jobs for tests of the transition log, and a helper that logs observations of them. */
import type { ImportExportJob } from '../../src/model/import-export-job.ts';
import type { JobState } from '../../src/model/job-state.ts';
import type { Transition, TransitionLog } from '../../src/watch/history/transition-log.ts';
import { FakeClock } from './fake-clock.ts';

/** Small enough for a test to exceed. */
export const retention = { transitions: 30, ageMs: 86_400_000, inMemory: 8 };

export const jobs = ['AAAAA', 'BBBBB', 'CCCCC'].map(
  (awsJobId): ImportExportJob => ({ service: 'IMPORT_EXPORT', awsJobId }),
);
export const states: readonly JobState[] = ['WAITING', 'IN_PROGRESS', 'COMPLETED', 'FAILED'];

export async function observe(
  log: TransitionLog,
  job: ImportExportJob,
  to: JobState,
  now = new FakeClock().now(),
): Promise<Transition> {
  const last = log.last(job);
  const kind = last === undefined ? 'first' : 'changed';
  const observed = { kind, job, from: last?.to ?? null, to, observedAt: new Date(now) } as const;
  const appended = await log.append(last?.sequence ?? 0, observed);
  if (appended === undefined) throw new Error('expected the sequence to be the last one');
  return appended;
}
