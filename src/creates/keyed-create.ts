/** One create with a key, from the look at its record to its outcome. */
import type { Clock } from '../base/clock.ts';
import { BackendError } from '../model/errors.ts';
import type { JobService } from '../model/job-state.ts';
import { UnreadableEntryError } from '../store/collection.ts';
import type { Create, Created } from './create.ts';
import {
  inProgress,
  mismatch,
  neverKnown,
  notToBeTold,
  notYetKnown,
  rejected,
  rejectionFrom,
  storeUnavailable,
  unreadableRecord,
} from './create-failures.ts';
import { kindOf } from './create-kind.ts';
import { answeredMs, type CreateRecord, dispatched, isUnsettled, sendWithinMs, type Trace } from './create-record.ts';
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
  readonly settlingMs: Readonly<Record<JobService, number>>;
}

export type Outcome<Result> = { readonly isReplay: boolean } & (
  | { readonly result: Result }
  | { readonly error: BackendError }
);

export interface Run<Result> {
  /** Of the record. */
  readonly id: string;
  readonly inputMark: string;
  readonly create: Create<Result>;
  /** By the monotonic clock: from then on another gateway's create is not waited for. */
  readonly giveUpAt: number;
}

interface Attempt {
  /** As it was put on record. */
  readonly record: CreateRecord;
  /** The record before it. */
  readonly earlier: CreateRecord | undefined;
  /** When it was put on record, by the monotonic clock. */
  readonly since: number;
}

/** What was sent is seen to its end, whoever has gone. */
const unending = new AbortController().signal;

/** Between two looks at the record of a create that another gateway has under way. */
const minLookMs = 50;
const maxLookMs = 500;

export class KeyedCreate {
  readonly #parts: KeyedCreateParts;
  readonly #end: AbortSignal;

  /** Once `end` fires, nobody waits for another gateway any more. */
  constructor(parts: KeyedCreateParts, end: AbortSignal) {
    this.#parts = parts;
    this.#end = end;
  }

  /** Not to be called for one record twice at a time in one process. Throws `BackendError`. */
  async perform<Result>(run: Run<Result>): Promise<Outcome<Result>> {
    const { create, inputMark } = run;
    const record = await this.#recordOf(run);
    if (record === undefined) return this.#begin(run);
    if (record.inputMark !== inputMark) throw mismatch(create.service);
    return isUnsettled(record) ? this.#takeUp(run, record) : this.#told(run, record);
  }

  #recordOf({ id, create }: Run<unknown>): Promise<CreateRecord | undefined> {
    return this.#parts.records.get(id).catch((error: unknown) => {
      if (error instanceof UnreadableEntryError) throw unreadableRecord(create.service, error);
      throw storeUnavailable(create.service, error);
    });
  }

  async #told<Result>({ create }: Run<Result>, record: CreateRecord): Promise<Outcome<Result>> {
    if (record.rejection !== undefined) return { isReplay: true, error: rejected(create.service, record.rejection) };
    return this.#replayed(create, record.awsJobId ?? '');
  }

  /** If the job cannot be read, that is what an earlier call made all the same. */
  async #replayed<Result>(create: Create<Result>, awsJobId: string): Promise<Outcome<Result>> {
    try {
      return { isReplay: true, result: await create.read(awsJobId, unending) };
    } catch (error) {
      if (error instanceof BackendError) return { isReplay: true, error };
      throw error;
    }
  }

  async #begin<Result>(run: Run<Result>, earlier?: CreateRecord): Promise<Outcome<Result>> {
    const { create, id } = run;
    await create.check(id, unending);
    const trace = create.traceOf(id, this.#parts.fingerprint);
    const outcome = await this.#dispatch(run, trace, earlier).catch((error: unknown) => {
      if (!(error instanceof Unclear)) throw error;
      return this.#findAtOnce(run, error.record, error.cause);
    });
    // Another gateway was first, and has it under way.
    return outcome ?? this.perform(run);
  }

  /** Undefined, and nothing sent, where another gateway was first. */
  #dispatch<Result>(run: Run<Result>, trace: Trace | null, earlier: CreateRecord | undefined) {
    const { lock, records, clock } = this.#parts;
    const { create, id, inputMark } = run;
    return lock.withCreate(kindOf(trace), async () => {
      const since = clock.monotonicMs();
      const record = dispatched({ service: create.service, inputMark, trace }, clock.now(), earlier);
      const isFirst = await records.dispatch(id, record, earlier).catch((error: unknown) => {
        throw storeUnavailable(create.service, error);
      });
      return isFirst ? this.#bind(run, record, await this.#send(run, { record, earlier, since })) : undefined;
    });
  }

  async #send<Result>({ create, id }: Run<Result>, attempt: Attempt): Promise<Created<Result>> {
    const { records } = this.#parts;
    const { record, earlier, since } = attempt;
    try {
      this.#assertSoon(record, since);
      return await create.send(id, unending);
    } catch (error) {
      if (!(error instanceof BackendError) || error.isOutcomeUnclear) throw new Unclear(record, error);
      // This one has made no job, and does not count. One before it may have made one still.
      if (earlier !== undefined) await records.withdraw(id, record, earlier).catch(nothing);
      else await records.reject(id, record, rejectionFrom(error)).catch(nothing);
      throw error;
    }
  }

  /**
   * A process may be stopped for a minute at any place, and go on as if nothing had been. By then another gateway may have
   * taken the attempt for lost and sent one of its own: so this one is not sent any more. What stops it between here and
   * the socket is left to the time limits of the request. By the clock that nobody sets: the other may have leapt.
   */
  #assertSoon({ service }: CreateRecord, since: number): void {
    if (this.#parts.clock.monotonicMs() - since > sendWithinMs[service]) throw storeUnavailable(service, undefined);
  }

  /** An outcome that is not on record is not told: a crash could lead to another job. */
  async #bind<Result>(run: Run<Result>, record: CreateRecord, created: Created<Result>): Promise<Outcome<Result>> {
    const { records, reconciliation } = this.#parts;
    const { awsJobId, result } = created;
    const kept = await records.bind(run.id, awsJobId).catch((error: unknown) => {
      throw notYetKnown(record.service, 1_000, error);
    });
    if (kept?.awsJobId === awsJobId) return { isReplay: false, result };
    // The search for an equal create of another gateway has found this job first. That one's may be there for us.
    if (kept === undefined) throw new Unclear(record, undefined);
    // This one was taken for lost, and another gateway's attempt has its job on record.
    await reconciliation.discard(run.id, record.service, awsJobId).catch(nothing);
    return this.#told(run, kept);
  }

  /** The answer was lost just now. Often the job is there to be seen. */
  async #findAtOnce<Result>(run: Run<Result>, record: CreateRecord, cause: unknown): Promise<Outcome<Result>> {
    await this.#parts.records.leave(run.id, record).catch(nothing);
    const found = await this.#find(run, record, cause);
    if (found.outcome === 'none') throw notYetKnown(record.service, this.#waitMs(record), cause);
    return { isReplay: false, result: await run.create.read(found.awsJobId, unending) };
  }

  /**
   * An earlier call left it open, or another gateway has it under way. It is sent again only once its job can be said not to
   * exist.
   */
  async #takeUp<Result>(run: Run<Result>, record: CreateRecord): Promise<Outcome<Result>> {
    const settledMs = this.#parts.settlingMs[record.service];
    const isTraced = record.trace !== null;
    if (await this.#isWaitedFor(run, record, isTraced ? answeredMs : settledMs)) return this.perform(run);
    const found = await this.#find(run, record);
    if (found.outcome === 'found') return this.#replayed(run.create, found.awsJobId);
    if (await this.#isWaitedFor(run, record, settledMs)) return this.perform(run);
    const waitMs = this.#waitMs(record);
    if (waitMs > 0) throw notYetKnown(record.service, waitMs);
    return this.#begin(run, record);
  }

  /**
   * Waits until somebody has gone on with `record`, or it is `ageMs` old; false if there was nothing to wait for. One that is
   * as far in the future was written before the clock was set back: its age tells nothing.
   */
  async #isWaitedFor(run: Run<unknown>, record: CreateRecord, ageMs: number): Promise<boolean> {
    const { clock } = this.#parts;
    const isYoung = (): boolean => Math.abs(clock.now() - record.attemptAt) < ageMs;
    if (record.state !== 'DISPATCHED' || !isYoung()) return false;
    for (let lookMs = minLookMs; isYoung(); lookMs = Math.min(2 * lookMs, maxLookMs)) {
      if (this.#end.aborted || clock.monotonicMs() > run.giveUpAt) throw inProgress(record.service);
      await new Promise<void>((resolve) => clock.schedule(resolve, lookMs));
      const now = await this.#recordOf(run);
      if (now?.state !== record.state || now.attemptAt !== record.attemptAt) break;
    }
    return true;
  }

  async #find(run: Run<unknown>, record: CreateRecord, cause?: unknown) {
    const { service } = record;
    if (record.trace === null) throw neverKnown(service, cause);
    const traced = this.#withTrace(run, record);
    const finding = await this.#parts.reconciliation.settle(run.id, traced).catch((error: unknown) => {
      throw notYetKnown(service, 1_000, error);
    });
    if (finding.outcome === 'ambiguous') throw notToBeTold(service);
    if (finding.outcome === 'unsure') throw notYetKnown(service, 1_000, cause);
    return finding;
  }

  /** The marks of another version say nothing here: the request, which is the same, says it anew. */
  #withTrace({ create, id }: Run<unknown>, record: CreateRecord): CreateRecord {
    if (record.service === 'IMPORT_EXPORT' || workMarkIn(record.trace) !== undefined) return record;
    return { ...record, trace: create.traceOf(id, this.#parts.fingerprint) };
  }

  #waitMs({ service, attemptAt }: CreateRecord): number {
    const { clock, settlingMs } = this.#parts;
    return Math.max(0, attemptAt + settlingMs[service] - clock.now());
  }
}

/** An attempt that may or may not have made a job of ours. */
class Unclear extends Error {
  readonly record: CreateRecord;

  constructor(record: CreateRecord, cause: unknown) {
    super('the outcome is not clear', { cause });
    this.record = record;
  }
}

function nothing(): void {}
