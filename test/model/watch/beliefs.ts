/** What a reader who goes by `JobsStale` and `JobsFresh` believes to be stale. */
import { expect } from 'vitest';
import { isFinished, type JobRef, type JobService, jobServices } from '../../../src/model/job-state.ts';
import { jobKey } from '../../../src/watch/history/transition-log.ts';
import type { JobEvent, JobsOfService } from '../../../src/watch/streams/events.ts';

export interface Beliefs {
  /** Keys of the jobs named, or of all that were open where none were. */
  readonly stale: ReadonlySet<string>;
  /** The services that were told as a whole. */
  readonly services: ReadonlySet<JobService>;
}

/** Follows `events` about `refs`; throws where what is told fresh was not told stale just so, or what is told stale is so already. */
export function beliefsOf(events: readonly JobEvent[], refs: readonly JobRef[]): Beliefs {
  const open = new Map(refs.map((ref) => [jobKey(ref), ref]));
  const told = new Map<string, ReadonlySet<string>>();
  for (const event of events) {
    if (event.kind === 'JobEventsMissed') continue;
    if (event.kind === 'JobGone') open.delete(jobKey(event.job));
    else if (event.kind === 'JobStateChange') {
      if (isFinished(event.state)) open.delete(jobKey(event.job));
    } else if (event.kind === 'JobsStale') {
      const keys = (event.jobs ?? [...open.values()].filter(({ service }) => service === event.service)).map(jobKey);
      const before = new Set([...told.values()].flatMap((each) => [...each]));
      expect(
        keys.filter((key) => before.has(key)),
        'stale is told of what was fresh',
      ).toEqual([]);
      expect([...told.keys()], 'nothing is told stale beside all').not.toContain(event.service);
      expect(event.since.getTime(), 'stale since a moment that is over').toBeLessThanOrEqual(
        event.observedAt.getTime(),
      );
      told.set(nameOf(event), new Set(keys));
    } else expect(told.delete(nameOf(event)), 'fresh is told of what was stale').toBe(true);
  }
  return {
    stale: new Set([...told.values()].flatMap((keys) => [...keys])),
    services: new Set(jobServices.filter((service) => told.has(service))),
  };
}

function nameOf({ service, jobs }: JobsOfService): string {
  return jobs === null ? service : jobs.map(jobKey).sort().join();
}
