/** What a reader believes to be stale by its `JobsStale` and `JobsFresh` events. */
import { expect } from 'vitest';
import { isFinished, type JobRef, type JobService, jobServices } from '../../../src/model/job-state.ts';
import { jobKey } from '../../../src/watch/history/transition-log.ts';
import type { JobEvent, JobsOfService } from '../../../src/watch/streams/events.ts';

export interface Beliefs {
  /** Keys of the named jobs, or of all open ones if none were named. */
  readonly stale: ReadonlySet<string>;
  /** The services that are stale as a whole. */
  readonly services: ReadonlySet<JobService>;
}

/**
 * Follows `events` about `refs`; throws if a JobsFresh does not match an open JobsStale, or if a JobsStale repeats a
 * job.
 */
export function beliefsOf(events: readonly JobEvent[], refs: readonly JobRef[]): Beliefs {
  const open = new Map(refs.map((ref) => [jobKey(ref), ref]));
  const notices = new Map<string, ReadonlySet<string>>();
  for (const event of events) {
    if (event.kind === 'JobEventsMissed') continue;
    if (event.kind === 'JobGone') open.delete(jobKey(event.job));
    else if (event.kind === 'JobStateChange') {
      if (isFinished(event.state)) open.delete(jobKey(event.job));
    } else if (event.kind === 'JobsStale') {
      const keys = (event.jobs ?? [...open.values()].filter(({ service }) => service === event.service)).map(jobKey);
      const before = new Set([...notices.values()].flatMap((each) => [...each]));
      expect(
        keys.filter((key) => before.has(key)),
        'a JobsStale names only fresh jobs',
      ).toEqual([]);
      expect([...notices.keys()], 'no JobsStale comes while all jobs are stale').not.toContain(event.service);
      expect(event.since.getTime(), 'since is not in the future').toBeLessThanOrEqual(event.observedAt.getTime());
      notices.set(nameOf(event), new Set(keys));
    } else expect(notices.delete(nameOf(event)), 'a JobsFresh follows its JobsStale').toBe(true);
  }
  return {
    stale: new Set([...notices.values()].flatMap((keys) => [...keys])),
    services: new Set(jobServices.filter((service) => notices.has(service))),
  };
}

function nameOf({ service, jobs }: JobsOfService): string {
  return jobs === null ? service : jobs.map(jobKey).sort().join();
}
