/** Places in the activity of all jobs: that of a stream, and that of a list, from which a stream goes on. */
import { furtherMembers, type JobFilter } from '../../model/job-filter.ts';
import { type ReaderPosition, scopeFrom } from './cursor.ts';

/** Where the activity was when a list was begun. */
export interface ActivityPlace {
  /** The log's id, and its head. */
  readonly log: string;
  readonly offset: number;
  /** The list may lack jobs that were created from this instant on, in milliseconds since the epoch. */
  readonly since: number;
}

/**
 * How long before it was begun a list may lack jobs: it may join a read that began a tenth of a second earlier, and the
 * clocks of the gateway and of a service differ a little. Twice announced does no harm; never announced does.
 */
const marginMs = 500;

export function activityPlace(log: { readonly id: string; readonly head: number }, now: number): ActivityPlace {
  return { log: log.id, offset: log.head, since: now - marginMs };
}

/** The position of a list's cursor: for any filter of its audience. */
export function positionOf({ offset, since }: ActivityPlace, audience: string): ReaderPosition {
  return { ...activityScope(audience, {}), jobs: '', offset, pending: [], gone: [], since };
}

/** What the cursors of a stream with `filter` have in common. */
export function activityScope(audience: string, filter: JobFilter): Pick<ReaderPosition, 'audience' | 'scope'> {
  const { service = '', dataSetId = '' } = filter;
  const further = furtherMembers(filter);
  return {
    scope: scopeFrom(['activity', audience, service, dataSetId, ...(further === '' ? [] : [further])]),
    audience: scopeFrom(['activity', audience]),
  };
}
