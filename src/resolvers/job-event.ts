/** Resolves the subscriptions: what to watch for a caller, and the fields of an event. */

import type { Job } from '../model/job.ts';
import { fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { JobRef } from '../model/job-state.ts';
import type { Maybe } from '../model/maybe.ts';
import type { JobEvent, JobStateChange, JobsOfService } from '../watch/streams/events.ts';
import type { Context, EventContext } from './context.ts';
import { invalidArgument } from './failures.ts';
import { globalIdFrom, jobRefFrom } from './global-id.ts';
import { type JobFilterInput, jobFilterFrom } from './job-filter.ts';

/** `subscribe` of `jobStateChanged`. Checks every id, and the cursor, before anything is polled. */
export function watchJobs(
  _parent: unknown,
  { ids, after }: { ids: readonly string[]; after?: Maybe<string> },
  context: Context,
): AsyncIterable<JobEvent> {
  const refs = watchedRefs(ids);
  const { watcher, caller } = context;
  return watcher.watchJobs(refs, afterOf(after, context), caller.id);
}

/** `subscribe` of `jobActivity`. */
export function watchActivity(
  _parent: unknown,
  { filter, after }: { filter?: Maybe<JobFilterInput>; after?: Maybe<string> },
  context: Context,
): AsyncIterable<JobEvent> {
  const { watcher, caller } = context;
  return watcher.watchActivity(jobFilterFrom(filter), afterOf(after, context), caller.id);
}

/** `resolve` of both: the event itself. */
export function jobEvent(event: JobEvent): JobEvent {
  return event;
}

/** If no reader watched the job, the log has only an outline of it, for use when the job cannot be read. */
export function eventJob({ job }: JobStateChange, _args: unknown, context: EventContext): Job | Promise<Job> {
  if (job.service === 'IMPORT_EXPORT' || job.outline === undefined) return job;
  // Loaders are created on first use, and most events read nothing.
  return context.loaders.dataExchangeJob.load(job.awsJobId).catch(() => job);
}

/** The GraphQL type of an event. */
export function jobEventTypeName({ kind }: JobEvent): string {
  return kind;
}

function watchedRefs(ids: readonly string[]): readonly JobRef[] {
  if (!fits(ids.length, sizes.watchedJobs)) throw invalidArgument('ids', `takes ${rangeOf(sizes.watchedJobs)} ids`);
  const refs = new Map<string, JobRef>();
  for (const [index, id] of ids.entries()) {
    const ref = jobRefFrom(id);
    if (ref === undefined) throw invalidArgument(`ids[${index}]`, 'is not the id of a job');
    refs.set(globalIdFrom(ref), ref);
  }
  return [...refs.values()];
}

/**
 * A reconnecting client of server-sent events repeats its original request: its last event id is the newer position.
 */
function afterOf(after: Maybe<string>, { lastEventId }: Context): string | undefined {
  return lastEventId ?? after ?? undefined;
}

interface GoneJob {
  readonly job: JobRef;
}

export function goneId({ job }: GoneJob): string {
  return globalIdFrom(job);
}

export function goneAwsJobId({ job }: GoneJob): string {
  return job.awsJobId;
}

export function goneService({ job }: GoneJob): JobRef['service'] {
  return job.service;
}

/** `ids` of `JobsStale` and `JobsFresh`. */
export function jobIds({ jobs }: JobsOfService): readonly string[] | null {
  return jobs?.map(globalIdFrom) ?? null;
}
