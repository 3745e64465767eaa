/** Confirms what a list has shown and nobody can believe yet: by reads of single jobs, beside the polling, so that it holds up no reading. */
import pLimit from 'p-limit';
import type { PollAssignment } from './cluster/poll-assignment.ts';
import type { FencingTokens, TransitionLog } from './history/transition-log.ts';
import type { Reading, StateSource } from './state-source.ts';
import type { WatchedJob } from './watched-job.ts';

/** Few at once: each takes its tick in the budget, and a reading that comes meanwhile waits for no more than these. */
const concurrency = 2;

export interface ConfirmationsOptions {
  readonly source: Pick<StateSource, 'confirm'>;
  readonly assignment: Pick<PollAssignment, 'fencingTokens'>;
  readonly log: Pick<TransitionLog, 'last'>;
  /** Whether anybody still watches the job. */
  readonly isWatched: (job: WatchedJob) => boolean;
  readonly onConfirmed: (job: WatchedJob, reading: Reading, fencingTokens: FencingTokens) => void;
  /** The log was told of the job meanwhile, so that what was read may be older. */
  readonly onOvertaken: (job: WatchedJob) => void;
}

export class Confirmations {
  readonly #options: ConfirmationsOptions;
  readonly #limit = pLimit(concurrency);
  /** Those that are under way, or wait for it. */
  readonly #pending = new Set<WatchedJob>();
  #under = new AbortController();

  constructor(options: ConfirmationsOptions) {
    this.#options = options;
  }

  /** One at a time for each job. */
  ask(job: WatchedJob): void {
    if (this.#pending.has(job)) return;
    this.#pending.add(job);
    const { signal } = this.#under;
    void this.#limit(() => this.#confirm(job, signal));
  }

  stop(): void {
    this.#under.abort();
    this.#under = new AbortController();
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
