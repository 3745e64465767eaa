/** The subscriptions: what is watched for a caller, and what one event becomes. */
import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { JobRef } from '../job.ts';
import type { Maybe } from '../job-request.ts';
import type { ActivityFilter, JobGone, JobStateChange } from '../watch/events.ts';
import { clientErrorFrom, invalidArgument } from './failures.ts';
import { globalIdFrom, jobRefFrom } from './global-id.ts';
import type { JobFilter } from './job-filter.ts';

const maxIds = 100;

/** `subscribe` of `jobStateChanged`. Every id is checked before anything is polled. */
export function watchJobs(
  _parent: unknown,
  { ids, after }: { ids: readonly string[]; after?: Maybe<string> },
  context: Context,
): AsyncIterable<JobStateChange | JobGone> {
  const refs = watchedRefs(ids);
  return opened(() => context.watcher.watchJobs(refs, after ?? undefined));
}

/** `subscribe` of `jobActivity`. */
export function watchActivity(
  _parent: unknown,
  { filter, after }: { filter?: Maybe<JobFilter>; after?: Maybe<string> },
  context: Context,
): AsyncIterable<JobStateChange> {
  return opened(() => context.watcher.watchActivity(activityFilterFrom(filter), after ?? undefined));
}

/** `resolve` of both: the event as it came, or the error that ends the part of a job that is gone. */
export function jobStateChange(event: JobStateChange | JobGone, _args: unknown, context: Context): JobStateChange {
  if ('gone' in event) throw goneError(event.gone);
  // The context lives as long as the subscription, and loaders would answer every event with what the first one read.
  context.loaders = context.freshLoaders();
  return event;
}

function watchedRefs(ids: readonly string[]): readonly JobRef[] {
  if (ids.length < 1 || ids.length > maxIds) throw invalidArgument('ids', `takes 1 to ${maxIds} ids`);
  const refs = new Map<string, JobRef>();
  for (const [index, id] of ids.entries()) {
    const ref = jobRefFrom(id);
    if (ref === undefined) throw invalidArgument(`ids[${index}]`, 'is not the id of a job');
    refs.set(globalIdFrom(ref), ref);
  }
  return [...refs.values()];
}

function activityFilterFrom(filter: Maybe<JobFilter>): ActivityFilter {
  return {
    ...(filter?.service != null && { service: filter.service }),
    ...(filter?.dataSetId != null && { dataSetId: filter.dataSetId }),
  };
}

/** A cursor that cannot be taken up is refused before the stream begins. */
function opened<Stream>(open: () => Stream): Stream {
  try {
    return open();
  } catch (error) {
    throw clientErrorFrom(error);
  }
}

function goneError(ref: JobRef): GraphQLError {
  return new GraphQLError('The service has no such job, or has it no longer.', {
    extensions: { code: 'GONE', id: globalIdFrom(ref), retryable: false },
  });
}
