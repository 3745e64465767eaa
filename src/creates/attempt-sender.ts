/** Sends one attempt of a create with a key: records it before, and takes back what has certainly made nothing. */
import type { Clock } from '../base/clock.ts';
import { BackendError } from '../model/errors.ts';
import { UnconfirmedWriteError } from '../store/store.ts';
import type { Create, Created } from './create.ts';
import { inProgress, rejectionFrom, storeUnavailable } from './create-failures.ts';
import { type CreateRecord, dispatched, type Rejection, sendWithinMs, type Trace } from './create-record.ts';
import type { CreateRecords } from './create-records.ts';

export interface AttemptSenderParts {
  readonly clock: Clock;
  readonly records: CreateRecords;
}

export interface Attempt<Result> {
  /** The id of the key's record. */
  readonly id: string;
  readonly inputMark: string;
  readonly create: Create<Result>;
  readonly trace: Trace | null;
  /** The record before this attempt; undefined for the first. */
  readonly earlier: CreateRecord | undefined;
}

interface RecordedAttempt<Result> extends Attempt<Result> {
  /** The attempt's record as written. */
  readonly record: CreateRecord;
  /** When the record was written, by the monotonic clock. */
  readonly since: number;
}

/** The answer to an attempt, and the attempt's record by then. */
export interface Sent<Result> {
  readonly created: Created<Result>;
  readonly record: CreateRecord;
  readonly isUnmarked: boolean;
}

/** An attempt that may or may not have made a job. */
export class OutcomeUnclear extends Error {
  readonly record: CreateRecord;

  constructor(record: CreateRecord, cause: unknown) {
    super('the outcome is unclear', { cause });
    this.record = record;
  }
}

/** A create that was sent is completed even if the caller has disconnected. */
export const neverAborted = new AbortController().signal;

export class AttemptSender {
  readonly #clock: Clock;
  readonly #records: CreateRecords;

  constructor({ clock, records }: AttemptSenderParts) {
    this.#clock = clock;
    this.#records = records;
  }

  /**
   * Undefined, with nothing sent, if another gateway was first. Throws `BackendError` for an attempt that has made
   * nothing, and `OutcomeUnclear` for one that may have.
   */
  async send<Result>(attempt: Attempt<Result>): Promise<Sent<Result> | undefined> {
    const recorded = await this.#recorded(attempt);
    return recorded && this.#sendRecorded(recorded);
  }

  async #recorded<Result>(attempt: Attempt<Result>): Promise<RecordedAttempt<Result> | undefined> {
    const { id, inputMark, create, trace, earlier } = attempt;
    const since = this.#clock.monotonicMs();
    const record = dispatched({ service: create.target, inputMark, trace }, this.#clock.now(), earlier);
    const recorded = { ...attempt, record, since };
    const isFirst = await this.#records
      .dispatch(id, record, earlier)
      .catch((error: unknown) => this.#leaveUnsent(recorded, error));
    return isFirst ? recorded : undefined;
  }

  async #sendRecorded<Result>(attempt: RecordedAttempt<Result>): Promise<Sent<Result>> {
    const { create, id, record } = attempt;
    try {
      return { record, created: await this.#sendOnce(attempt, id), isUnmarked: false };
    } catch (error) {
      if (!(error instanceof BackendError) || create.isMarkRefusal?.(error) !== true) {
        throw await this.#failed(attempt, error);
      }
      return this.#sendUnmarked(attempt);
    }
  }

  /** The service refused the create because of its mark, it seems. Recorded first: no search may conclude from the mark. */
  async #sendUnmarked<Result>(attempt: RecordedAttempt<Result>): Promise<Sent<Result>> {
    const record = await this.#records
      .untrace(attempt.id, attempt.record)
      .catch((error: unknown) => this.#leaveUnsent(attempt, error));
    if (record === undefined) throw inProgress(attempt.create.target);
    const unmarked = { ...attempt, record };
    try {
      return { record, created: await this.#sendOnce(unmarked, undefined), isUnmarked: true };
    } catch (error) {
      throw await this.#failed(unmarked, error);
    }
  }

  async #sendOnce<Result>({ create, record, since }: RecordedAttempt<Result>, mark: string | undefined) {
    this.#assertNotDelayed(record, since);
    return create.send(mark, neverAborted);
  }

  /**
   * A process may be suspended for a minute at any point. By then another gateway may count the attempt as lost and
   * have sent its own: so this one is not sent any more. The request's own time limits cover a pause between here and
   * the socket. Uses the monotonic clock, since the wall clock may have been set.
   */
  #assertNotDelayed({ service }: CreateRecord, since: number): void {
    if (this.#clock.monotonicMs() - since > sendWithinMs[service]) throw storeUnavailable(service, undefined);
  }

  /**
   * Throws the error for an attempt that is not sent, as `error` was met in recording it. It may be recorded all the
   * same, in a write that a failover could lose, and with it what tells of the attempt.
   */
  async #leaveUnsent(attempt: RecordedAttempt<unknown>, error: unknown): Promise<never> {
    if (error instanceof UnconfirmedWriteError) await this.#takeBack(attempt, undefined);
    throw storeUnavailable(attempt.create.target, error);
  }

  /** The error to throw for an attempt that failed with `error`, once that is recorded. */
  async #failed(attempt: RecordedAttempt<unknown>, error: unknown): Promise<unknown> {
    if (!(error instanceof BackendError) || error.isOutcomeUnclear) return new OutcomeUnclear(attempt.record, error);
    await this.#takeBack(attempt, rejectionFrom(error));
    return error;
  }

  /** Records that the attempt has made no job, and does not count. An earlier one may have: then nothing is rejected yet. */
  async #takeBack(attempt: RecordedAttempt<unknown>, rejection: Rejection | undefined): Promise<void> {
    const { id, record, earlier } = attempt;
    if (earlier === undefined) await this.#records.reject(id, record, rejection).catch(nothing);
    else await this.#records.withdraw(id, record, earlier).catch(nothing);
  }
}

function nothing(): void {}
