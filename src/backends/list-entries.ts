/** Reads the entries of a list one by one. An unreadable entry does not affect the others. */
import { BackendError } from '../model/errors.ts';
import type { UnreadableEntry } from './backend.ts';

export interface ReadEntries<Job> {
  readonly jobs: readonly Job[];
  /** In the order of the list; absent where there are none. */
  readonly unreadable?: readonly UnreadableEntry[];
}

export interface EntryReader<Job> {
  /** Throws `BackendError` for an entry that is not a job. */
  readonly job: (entry: unknown) => Job;
  /** The id in an entry whose other members may be unreadable. */
  readonly id?: (entry: unknown) => string | undefined;
}

/** Reads each of `entries`. `rest` is the error of the entries behind them, where those cannot be read. */
export function readEntries<Job>(
  entries: readonly unknown[],
  { job, id = () => undefined }: EntryReader<Job>,
  rest?: BackendError,
): ReadEntries<Job> {
  const jobs: Job[] = [];
  const unreadable: UnreadableEntry[] = [];
  for (const entry of entries) {
    try {
      jobs.push(job(entry));
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      const awsJobId = id(entry);
      unreadable.push({ before: jobs.length, error, ...(awsJobId !== undefined && { awsJobId }) });
    }
  }
  if (rest !== undefined) unreadable.push({ before: jobs.length, error: rest });
  return { jobs, ...(unreadable.length > 0 && { unreadable }) };
}
