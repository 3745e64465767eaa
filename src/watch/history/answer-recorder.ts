/**
 * Records the job states that answers to reads, lists and mutations show. A state that differs from the last known one
 * is appended to the log, which notifies the watchers. This makes no call and delays no answer; an entry that cannot be
 * written is dropped, as the next answer shows the state again.
 */
import type { Clock } from '../../base/clock.ts';
import type { Job } from '../../model/job.ts';
import { isStepForward } from '../anomaly.ts';
import type { PollAssignment } from '../cluster/poll-assignment.ts';
import { outlineOf } from '../job-outline.ts';
import type { Observation } from '../state-source.ts';
import type { Watcher } from '../watcher.ts';
import { factsOf, LastLogged } from './last-logged.ts';
import type { FencingTokens, TransitionKind, TransitionLog } from './transition-log.ts';

/**
 * `create`: the service has just made the job. `list`: may lag. `read`: the answer about this one job, or the result of
 * a mutation of it.
 */
export type AnswerKind = 'create' | 'list' | 'read';

/** The moment before a call was sent: its answer is at least as recent. */
export interface CallStart {
  readonly at: number;
  readonly fencingTokens: FencingTokens;
}

export interface AnswerRecorderOptions {
  readonly log: TransitionLog;
  readonly clock: Clock;
  readonly assignment: Pick<PollAssignment, 'fencingTokens'>;
  /** Says what is watched. */
  readonly watcher: () => Pick<Watcher, 'isActivityWatched' | 'isWatched' | 'latest'>;
}

/** One whole page, so that a store that groups writes receives it together. */
const maxUnderWay = 200;

/** Five of the largest pages. While so many wait for a slow store, further ones are dropped. */
const maxWaiting = 1_000;

interface ObservedAnswer extends Observation {
  readonly answerKind: AnswerKind;
  readonly start: CallStart;
}

export class AnswerRecorder {
  readonly #options: AnswerRecorderOptions;
  readonly #logged: LastLogged;
  readonly #waiting: ObservedAnswer[] = [];
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: AnswerRecorderOptions) {
    const { log, clock } = options;
    this.#options = options;
    this.#logged = new LastLogged(clock.monotonicMs);
    log.follow(
      ({ job }) => this.#logged.note(job),
      () => this.#logged.reset(),
    );
  }

  /** Call this before a call is sent. */
  startCall(): CallStart {
    const { clock, assignment } = this.#options;
    return { at: clock.monotonicMs(), fencingTokens: assignment.fencingTokens() };
  }

  /** Records what the answer to a call shows that began at `start`. */
  record(observed: readonly Observation[], answerKind: AnswerKind, start: CallStart): void {
    for (const { job, state } of observed) {
      const answer = { job, state, answerKind, start };
      if (this.#waiting.length < maxWaiting && this.#isNew(answer)) this.#waiting.push(answer);
    }
    this.#recordNext();
  }

  /** Resolves once what was recorded so far is in the log, or was dropped. */
  async written(): Promise<void> {
    const last = this.#waiting.at(-1);
    while (last !== undefined && this.#waiting.includes(last)) await Promise.race(this.#underWay);
    await Promise.all(this.#underWay);
  }

  #recordNext(): void {
    while (this.#underWay.size < maxUnderWay) {
      const answer = this.#waiting.shift();
      if (answer === undefined) return;
      const writing = this.#write(answer).finally(() => {
        this.#underWay.delete(writing);
        this.#recordNext();
      });
      this.#underWay.add(writing);
    }
  }

  /**
   * The log refuses an entry if another gateway was faster, or holds a newer lease. If it is still new then, it is
   * tried once more.
   */
  async #write(answer: ObservedAnswer): Promise<void> {
    try {
      if (!this.#isNew(answer) || (await this.#append(answer, answer.start.fencingTokens))) return;
      const again = { ...answer, answerKind: 'list' } as const;
      if (this.#isNew(again)) await this.#append(again, this.#options.assignment.fencingTokens());
    } catch {
      // The store is unavailable: the next answer about the job shows its state again.
    }
  }

  async #append({ job: shown, state, answerKind }: ObservedAnswer, fencingTokens: FencingTokens): Promise<boolean> {
    const { log, clock } = this.#options;
    const job = this.#completed(shown);
    const last = log.last(job);
    const kind = last === undefined ? this.#firstKind(job, answerKind) : 'changed';
    const entry = {
      kind,
      job: kind !== 'first' && this.#options.watcher().isWatched(job) ? withoutSignedUrl(job) : outlineOf(job, state),
      from: last?.to ?? null,
      to: state,
      observedAt: new Date(clock.now()),
    };
    return (await log.append(last?.sequence ?? 0, entry, fencingTokens)) !== undefined;
  }

  /** The answer to a cancel of an Import/Export job shows neither its direction nor its date, which filters need. */
  #completed(job: Job): Job {
    if (job.service === 'DATA_EXCHANGE' || (job.createdAt && job.direction)) return job;
    const latest = this.#options.watcher().latest(job);
    const facts = latest?.service === 'IMPORT_EXPORT' ? factsOf(latest) : this.#logged.of(job).facts;
    return { ...facts, ...job };
  }

  /**
   * A job that this gateway has created is new to all readers of its activity; one found in an answer may be years old.
   */
  #firstKind(job: Job, answerKind: AnswerKind): TransitionKind {
    return answerKind === 'create' && this.#options.watcher().isActivityWatched(job.service) ? 'appeared' : 'first';
  }

  /**
   * Whether the state is new to the log and not older than its last entry. Jobs go forward, so a step forward is later
   * whatever arrived first. Any other step is accepted only from a call that began after the last entry was logged; and
   * from a list, which may lag, only if the service says that it has changed the job since.
   */
  #isNew({ job, state, answerKind, start }: ObservedAnswer): boolean {
    const last = this.#options.log.last(job);
    if (last === undefined) return true;
    const logged = this.#logged.of(job);
    const isOlder =
      job.service === 'DATA_EXCHANGE' && logged.updatedAt !== undefined && job.updatedAt < logged.updatedAt;
    if (last.to === state || isOlder) return false;
    if (isStepForward(last.to, state)) return true;
    return start.at > logged.at && (answerKind !== 'list' || isChangedSince(job, logged.updatedAt));
  }
}

function isChangedSince(job: Job, updatedAt: Date | undefined): boolean {
  return job.service === 'DATA_EXCHANGE' && updatedAt !== undefined && job.updatedAt > updatedAt;
}

/** The URL is a credential, and was read for one caller. */
function withoutSignedUrl(job: Job): Job {
  if (job.service !== 'DATA_EXCHANGE' || job.details === null || !('signedUrl' in job.details)) return job;
  const { signedUrl: _, ...details } = job.details;
  return { ...job, details };
}
