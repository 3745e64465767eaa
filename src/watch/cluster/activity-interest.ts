/** Which services' activity is watched, and from when on their jobs are new to the readers. */
import type { JobService } from '../../model/job-state.ts';

/** That the activity of a service is watched. */
export interface ServiceInterest {
  /**
   * The earliest instant from which jobs are new to a reader who goes on from a list, in milliseconds since the epoch.
   * Undefined if there is no such reader.
   */
  readonly since: number | undefined;
}

/** The services whose activity is watched. */
export type ActivityInterest = ReadonlyMap<JobService, ServiceInterest>;

/** What several readers together are interested in. */
export function earliest(...interests: readonly (ServiceInterest | undefined)[]): ServiceInterest {
  const instants = interests.flatMap((interest) => interest?.since ?? []);
  return { since: instants.length === 0 ? undefined : Math.min(...instants) };
}

export function isSameInterest(one: ServiceInterest | undefined, other: ServiceInterest | undefined): boolean {
  return (one === undefined) === (other === undefined) && one?.since === other?.since;
}
