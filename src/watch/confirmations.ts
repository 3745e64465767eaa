/**
 * Confirms, by reads of single jobs, what a list has shown and what may be outdated. Runs beside the polling and delays
 * no reading.
 */
import pLimit from 'p-limit';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import type { FencingTokens, TransitionLog } from './history/transition-log.ts';
import type { Reading, StateSource } from './state-source.ts';
import type { WatchedJob } from './watched-job.ts';

/** Few at once: each takes a call from the budget, and a reading that comes meanwhile waits for no more than these. */
const concurrency = 2;

export interface ConfirmationsOptions {
  readonly source: Pick<StateSource, 'confirm'>;
  readonly assignment: Pick<PollAssignment, 'fencingTokens'>;
  readonly log: Pick<TransitionLog, 'last'>;
  /** Whether the job is still watched. */
  readonly isWatched: (job: WatchedJob) => boolean;
  readonly onConfirmed: (job: WatchedJob, reading: Reading, fencingTokens: FencingTokens) => void;
  /** The log received a transition of the job meanwhile, so that the reading may be older. */
  readonly onOvertaken: (job: WatchedJob) => void;
}

export class Confirmations {
  readonly #options: ConfirmationsOptions;
  readonly #limit = pLimit(concurrency);
  /** Confirmations that are running or queued. */
  readonly #pending = new Set<WatchedJob>();
  #abort = new AbortController();

  constructor(options: ConfirmationsOptions) {
    this.#options = options;
  }

  /** Requests a confirmation, unless one of the job is pending. */
  request(job: WatchedJob): void {
    if (this.#pending.has(job)) return;
    this.#pending.add(job);
    const { signal } = this.#abort;
    void this.#limit(() => this.#confirm(job, signal));
  }

  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#pending.clear();
    this.#limit.clearQueue();
  }

  async #confirm(job: WatchedJob, signal: AbortSignal): Promise<void> {
    const { source, assignment, log, isWatched, onConfirmed, onOvertaken } = this.#options;
    if (signal.aborted) return;
    if (!isWatched(job)) {
      this.#pending.delete(job);
      return;
    }
    const fencingTokens = assignment.fencingTokens();
    const before = log.last(job.ref)?.sequence;
    const reading = await source.confirm(job.ref.awsJobId, signal);
    if (signal.aborted) return;
    this.#pending.delete(job);
    if (!isWatched(job)) return;
    if (log.last(job.ref)?.sequence === before) onConfirmed(job, reading, fencingTokens);
    else onOvertaken(job);
  }
}
