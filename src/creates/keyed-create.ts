/** Performs one create with a key, from reading its record to its outcome. */
import type { Clock } from '../base/clock.ts';
import { BackendError } from '../model/errors.ts';
import { UnreadableEntryError } from '../store/collection.ts';
import { AttemptSender, neverAborted, OutcomeUnclear, type Sent } from './attempt-sender.ts';
import type { Create } from './create.ts';
import {
  ambiguousOutcome,
  inProgress,
  mismatch,
  outOfReach,
  pendingOutcome,
  rejected,
  storeUnavailable,
  unreadableRecord,
  untraceableOutcome,
} from './create-failures.ts';
import { kindOf } from './create-kind.ts';
import { answeredMs, type CreateRecord, type CreateTarget, isUnsettled, type Trace } from './create-record.ts';
import type { CreateRecords } from './create-records.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { ReadWriteLock } from './read-write-lock.ts';
import type { Reconciliation } from './reconciliation.ts';
import { workMarkIn } from './work-mark.ts';

export interface KeyedCreateParts {
  readonly clock: Clock;
  readonly records: CreateRecords;
  readonly fingerprint: Fingerprint;
  readonly reconciliation: Reconciliation;
  readonly lock: ReadWriteLock;
  readonly settlingMs: Readonly<Record<CreateTarget, number>>;
}

export type Outcome<Result> = {
  readonly isReplay: boolean;
  /** Whether the service refused the create's mark, so that it was sent without. */
  readonly isUnmarked?: boolean;
} & ({ readonly result: Result } | { readonly error: BackendError });

export interface Run<Result> {
  /** The record's id. */
  readonly id: string;
  readonly inputMark: string;
  readonly create: Create<Result>;
  /** When to stop waiting for another gateway's create, by the monotonic clock. */
  readonly giveUpAt: number;
}

/** Intervals of polling the record of another gateway's create. */
const minPollMs = 50;
const maxPollMs = 500;

export class KeyedCreate {
  readonly #parts: KeyedCreateParts;
  readonly #attempts: AttemptSender;
  readonly #shutdown: AbortSignal;

  /** Once `shutdown` aborts, no create waits for another gateway any more. */
  constructor(parts: KeyedCreateParts, shutdown: AbortSignal) {
    this.#parts = parts;
    this.#attempts = new AttemptSender(parts);
    this.#shutdown = shutdown;
  }

  /** Must not run twice at a time for one record in one process. Throws `BackendError`. */
  async perform<Result>(run: Run<Result>): Promise<Outcome<Result>> {
    const { create, inputMark } = run;
    const record = await this.#recordOf(run);
    if (record === undefined) return this.#begin(run);
    if (record.inputMark !== inputMark) throw mismatch(create.target);
    return isUnsettled(record) ? this.#resume(run, record) : this.#recordedOutcome(run, record);
  }

  #recordOf({ id, create }: Run<unknown>): Promise<CreateRecord | undefined> {
    return this.#parts.records.get(id).catch((error: unknown) => {
      if (error instanceof UnreadableEntryError) throw unreadableRecord(create.target, error);
      throw storeUnavailable(create.target, error);
    });
  }

  async #recordedOutcome<Result>({ create }: Run<Result>, record: CreateRecord): Promise<Outcome<Result>> {
    if (record.rejection !== undefined) return { isReplay: true, error: rejected(create.target, record.rejection) };
    // After a failover that has lost the binding, a search would bind the first job of several attempts.
    if (record.attempts > 1) {
      await this.#parts.records.assertLasting().catch((error: unknown) => {
        throw pendingOutcome(create.target, 1_000, error);
      });
    }
    return this.#replayed(create, record.awsJobId ?? '');
  }

  /** If reading the job fails, that error is the answer of the replay. */
  async #replayed<Result>(create: Create<Result>, awsId: string): Promise<Outcome<Result>> {
    try {
      return { isReplay: true, result: await create.read(awsId, neverAborted) };
    } catch (error) {
      if (error instanceof BackendError) return { isReplay: true, error };
      throw error;
    }
  }

  async #begin<Result>(run: Run<Result>, earlier?: CreateRecord): Promise<Outcome<Result>> {
    const { create, id } = run;
    await create.prepare?.(neverAborted);
    await create.check(id, neverAborted);
    const trace = create.traceOf(id, this.#parts.fingerprint);
    const outcome = await this.#dispatch(run, trace, earlier).catch((error: unknown) => {
      if (!(error instanceof OutcomeUnclear)) throw error;
      return this.#findNow(run, error.record, error.cause);
    });
    // Another gateway was first, and has it under way.
    return outcome ?? this.perform(run);
  }

  /** Undefined, with nothing sent, if another gateway was first. */
  #dispatch<Result>(run: Run<Result>, trace: Trace | null, earlier: CreateRecord | undefined) {
    const { id, inputMark, create } = run;
    return this.#parts.lock.withCreate(kindOf(trace), async () => {
      const sent = await this.#attempts.send({ id, inputMark, create, trace, earlier });
      return sent && this.#bind(run, sent);
    });
  }

  /** An outcome that is not recorded is not returned: after a crash the key could lead to another job. */
  async #bind<Result>(run: Run<Result>, { record, created, isUnmarked }: Sent<Result>): Promise<Outcome<Result>> {
    const { records, reconciliation } = this.#parts;
    const { awsId, result } = created;
    const kept = await records.bind(run.id, awsId, record).catch((error: unknown) => {
      throw pendingOutcome(record.service, 1_000, error);
    });
    if (kept?.awsJobId === awsId) return { isReplay: false, result, isUnmarked };
    // A search of another gateway for an equal create has bound this job. That create's job may be ours.
    if (kept === undefined) throw new OutcomeUnclear(record, undefined);
    // Another gateway has counted this attempt as lost, and has recorded the job of its own.
    await reconciliation.discard(run.id, record.service, awsId).catch(nothing);
    return this.#recordedOutcome(run, kept);
  }

  /** The answer was just lost. Often the job can be found at once. */
  async #findNow<Result>(run: Run<Result>, record: CreateRecord, cause: unknown): Promise<Outcome<Result>> {
    await this.#parts.records.leave(run.id, record).catch(nothing);
    const found = await this.#find(run, record, cause);
    if (found.outcome === 'none') throw pendingOutcome(record.service, this.#waitMs(record), cause);
    return { isReplay: false, result: await run.create.read(found.awsId, neverAborted) };
  }

  /**
   * An earlier call left the outcome open, or another gateway has the create under way. It is sent again only once its
   * job certainly does not exist.
   */
  async #resume<Result>(run: Run<Result>, record: CreateRecord): Promise<Outcome<Result>> {
    const settledMs = this.#parts.settlingMs[record.service];
    const isTraced = record.trace !== null;
    if (await this.#awaitOther(run, record, isTraced ? answeredMs : settledMs)) return this.perform(run);
    const found = await this.#find(run, record);
    if (found.outcome === 'found') return this.#replayed(run.create, found.awsId);
    if (await this.#awaitOther(run, record, settledMs)) return this.perform(run);
    const waitMs = this.#waitMs(record);
    if (waitMs > 0) throw pendingOutcome(record.service, waitMs);
    return this.#begin(run, record);
  }

  /**
   * Waits until another gateway has changed `record`, or it is `ageMs` old; false if there was nothing to wait for. A
   * record from as far in the future was written before the clock was set back: its age is meaningless.
   */
  async #awaitOther(run: Run<unknown>, record: CreateRecord, ageMs: number): Promise<boolean> {
    const { clock } = this.#parts;
    const isYoung = (): boolean => Math.abs(clock.now() - record.attemptAt) < ageMs;
    if (record.state !== 'DISPATCHED' || !isYoung()) return false;
    for (let pollMs = minPollMs; isYoung(); pollMs = Math.min(2 * pollMs, maxPollMs)) {
      if (this.#shutdown.aborted || clock.monotonicMs() > run.giveUpAt) throw inProgress(record.service);
      await new Promise<void>((resolve) => clock.schedule(resolve, pollMs));
      const now = await this.#recordOf(run);
      if (now?.state !== record.state || now.attemptAt !== record.attemptAt) break;
    }
    return true;
  }

  async #find(run: Run<unknown>, record: CreateRecord, cause?: unknown) {
    const { service } = record;
    if (record.trace === null) throw untraceableOutcome(service, cause);
    const traced = await this.#withTrace(run, record);
    const finding = await this.#parts.reconciliation.settle(run.id, traced).catch((error: unknown) => {
      throw pendingOutcome(service, 1_000, error);
    });
    if (finding.outcome === 'ambiguous') throw ambiguousOutcome(service);
    if (finding.outcome === 'out of reach') throw outOfReach(service, cause);
    if (finding.outcome === 'unsure') throw pendingOutcome(service, 1_000, cause);
    return finding;
  }

  /** Marks of another version cannot be compared: they are made again from the request, which is the same. */
  async #withTrace({ create, id }: Run<unknown>, record: CreateRecord): Promise<CreateRecord> {
    if (record.service !== 'DATA_EXCHANGE' || workMarkIn(record.trace) !== undefined) return record;
    await create.prepare?.(neverAborted);
    return { ...record, trace: create.traceOf(id, this.#parts.fingerprint) };
  }

  #waitMs({ service, attemptAt }: CreateRecord): number {
    const { clock, settlingMs } = this.#parts;
    return Math.max(0, attemptAt + settlingMs[service] - clock.now());
  }
}

function nothing(): void {}
