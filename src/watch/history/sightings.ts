/**
 * What is seen of jobs beside the polling: in the answers to reads, lists and mutations. A state that differs from the last one
 * known goes to the log, which tells those who watch. No call is made for it, no answer waits for it, and where it cannot be
 * written it is dropped: the next answer shows it again.
 */
import type { Clock } from '../../base/clock.ts';
import type { Job } from '../../model/job.ts';
import { isStepForward } from '../anomaly.ts';
import type { PollAssignment } from '../cluster/poll-assignment.ts';
import { outlineOf } from '../job-outline.ts';
import type { Observation } from '../state-source.ts';
import type { Watcher } from '../watcher.ts';
import { LastHeard } from './last-heard.ts';
import type { FencingTokens, TransitionKind, TransitionLog } from './transition-log.ts';

/**
 * `create`: the service has just made the job. `list`: may show less than the present. `read`: the answer about this one job,
 * or what a mutation made of it.
 */
export type SightingSource = 'create' | 'list' | 'read';

/** The moment before a call was sent: its answer tells of that moment at the earliest. */
export interface CallStart {
  readonly at: number;
  readonly fencingTokens: FencingTokens;
}

export interface SightingsOptions {
  readonly log: TransitionLog;
  readonly clock: Clock;
  readonly assignment: Pick<PollAssignment, 'fencingTokens'>;
  /** Who is there to be told. */
  readonly watcher: () => Pick<Watcher, 'isActivityWatched' | 'isWatched'>;
}

/** A whole page, so that a store that gathers writes has it in one. */
const maxUnderWay = 200;

/** Five of the largest pages. What comes while so many wait for a slow store is dropped. */
const maxWaiting = 1_000;

interface Sighting extends Observation {
  readonly source: SightingSource;
  readonly start: CallStart;
}

export class Sightings {
  readonly #options: SightingsOptions;
  readonly #heard: LastHeard;
  readonly #waiting: Sighting[] = [];
  #underWay = 0;

  constructor(options: SightingsOptions) {
    const { log, clock } = options;
    this.#options = options;
    this.#heard = new LastHeard(clock.monotonicMs);
    log.follow(
      ({ job }) => this.#heard.note(job),
      () => this.#heard.noteAll(),
    );
  }

  /** To be called before a call is sent. */
  begin(): CallStart {
    const { clock, assignment } = this.#options;
    return { at: clock.monotonicMs(), fencingTokens: assignment.fencingTokens() };
  }

  /** Takes in what the answer to a call that began at `start` shows. */
  take(observed: readonly Observation[], source: SightingSource, start: CallStart): void {
    for (const { job, state } of observed) {
      const sighting = { job, state, source, start };
      if (this.#waiting.length < maxWaiting && this.#isNews(sighting)) this.#waiting.push(sighting);
    }
    this.#recordNext();
  }

  #recordNext(): void {
    while (this.#underWay < maxUnderWay) {
      const sighting = this.#waiting.shift();
      if (sighting === undefined) return;
      this.#underWay += 1;
      void this.#record(sighting).finally(() => {
        this.#underWay -= 1;
        this.#recordNext();
      });
    }
  }

  /** The log refuses what another gateway overtook, or read under a newer lease: what is still true then goes in once more. */
  async #record(sighting: Sighting): Promise<void> {
    try {
      if (!this.#isNews(sighting) || (await this.#append(sighting, sighting.start.fencingTokens))) return;
      const again = { ...sighting, source: 'list' } as const;
      if (this.#isNews(again)) await this.#append(again, this.#options.assignment.fencingTokens());
    } catch {
      // The store is away: the next answer about the job shows its state again.
    }
  }

  async #append({ job, state, source }: Sighting, fencingTokens: FencingTokens): Promise<boolean> {
    const { log, clock } = this.#options;
    const last = log.last(job);
    const kind = last === undefined ? this.#firstKind(job, source) : 'changed';
    const entry = {
      kind,
      job: kind !== 'first' && this.#options.watcher().isWatched(job) ? withoutSignedUrl(job) : outlineOf(job, state),
      from: last?.to ?? null,
      to: state,
      observedAt: new Date(clock.now()),
    };
    return (await log.append(last?.sequence ?? 0, entry, fencingTokens)) !== undefined;
  }

  /** What the gateway made itself is new to all who wait for new jobs; what it meets may be years old. */
  #firstKind(job: Job, source: SightingSource): TransitionKind {
    return source === 'create' && this.#options.watcher().isActivityWatched(job.service) ? 'appeared' : 'first';
  }

  /**
   * Whether the log does not know of it, and it is not older than what the log knows. Services go forward, so a step forward was
   * seen later whatever came in first. Any other step is believed only from a call that began after the last one was recorded;
   * and from a list, which may lag, only where the service itself says that it changed the job since.
   */
  #isNews({ job, state, source, start }: Sighting): boolean {
    const last = this.#options.log.last(job);
    if (last === undefined) return true;
    const heard = this.#heard.of(job);
    const isOlder = job.service === 'DATA_EXCHANGE' && heard.updatedAt !== undefined && job.updatedAt < heard.updatedAt;
    if (last.to === state || isOlder) return false;
    if (isStepForward(last.to, state)) return true;
    return start.at > heard.at && (source !== 'list' || isChangedSince(job, heard.updatedAt));
  }
}

function isChangedSince(job: Job, updatedAt: Date | undefined): boolean {
  return job.service === 'DATA_EXCHANGE' && updatedAt !== undefined && job.updatedAt > updatedAt;
}

/** The URL is a credential, and was read for somebody else. */
function withoutSignedUrl(job: Job): Job {
  if (job.service !== 'DATA_EXCHANGE' || job.details === null || !('signedUrl' in job.details)) return job;
  const { signedUrl: _, ...details } = job.details;
  return { ...job, details };
}
