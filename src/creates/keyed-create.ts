/** One create with a key, from the look at its record to its outcome. */
import type { Clock } from '../clock.ts';
import { BackendError } from '../errors.ts';
import type { JobService } from '../job.ts';
import type { Create, Created } from './create.ts';
import { mismatch, neverKnown, notYetKnown, rejected, rejectionFrom, storeUnavailable } from './create-failures.ts';
import { kindOf } from './create-kind.ts';
import { bound, type CreateRecord, dispatched, isUnsettled } from './create-record.ts';
import type { CreateRecords } from './create-records.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Turnstile } from './turnstile.ts';

export interface KeyedCreateParts {
  readonly clock: Clock;
  readonly records: CreateRecords;
  readonly fingerprint: Fingerprint;
  readonly reconciliation: Reconciliation;
  readonly turnstile: Turnstile;
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
}

/** What was sent is seen to its end, whoever has gone. */
const unending = new AbortController().signal;

export class KeyedCreate {
  readonly #parts: KeyedCreateParts;

  constructor(parts: KeyedCreateParts) {
    this.#parts = parts;
  }

  /** Not to be called for one record twice at a time. Throws `BackendError`. */
  async perform<Result>(run: Run<Result>): Promise<Outcome<Result>> {
    const { create } = run;
    const record = await this.#parts.records.get(run.id).catch((error: unknown) => {
      throw storeUnavailable(create.service, error);
    });
    if (record === undefined) return this.#begin(run);
    if (record.inputMark !== run.inputMark) throw mismatch(create.service);
    if (isUnsettled(record)) return this.#takeUp(run, record);
    if (record.rejection !== undefined) return { isReplay: true, error: rejected(create.service, record.rejection) };
    return { isReplay: true, result: await create.read(record.awsJobId ?? '', unending) };
  }

  async #begin<Result>(run: Run<Result>, earlier?: CreateRecord): Promise<Outcome<Result>> {
    const { create, id, inputMark } = run;
    const { clock, fingerprint } = this.#parts;
    await create.check(id, unending);
    const trace = create.traceOf(id, fingerprint);
    const record = dispatched({ service: create.service, inputMark, trace }, clock.now(), earlier);
    return this.#dispatch(run, record);
  }

  async #dispatch<Result>(run: Run<Result>, record: CreateRecord): Promise<Outcome<Result>> {
    const { turnstile, records } = this.#parts;
    const { create, id } = run;
    return turnstile
      .pass(kindOf(record.trace), async () => {
        await records.dispatch(id, record).catch((error: unknown) => {
          throw storeUnavailable(create.service, error);
        });
        const { awsJobId, result } = await this.#send(run, record);
        await this.#bind(id, record, awsJobId);
        return { isReplay: false, result };
      })
      .catch((error: unknown) => {
        if (!(error instanceof Unclear)) throw error;
        return this.#findAtOnce(run, record, error.cause);
      });
  }

  async #send<Result>({ create, id }: Run<Result>, record: CreateRecord): Promise<Created<Result>> {
    const { records } = this.#parts;
    try {
      return await create.send(id, unending);
    } catch (error) {
      if (!(error instanceof BackendError) || error.isOutcomeUnclear) throw new Unclear(error);
      // An attempt before this one may still have made a job.
      if (record.attempts > 1) await records.leave(id, record).catch(nothing);
      else await records.reject(id, record, rejectionFrom(error)).catch(nothing);
      throw error;
    }
  }

  /** An outcome that is not on record is not told: a crash could lead to another job. */
  async #bind(id: string, record: CreateRecord, awsJobId: string): Promise<void> {
    try {
      await this.#parts.records.bind(id, bound(record, awsJobId));
    } catch (error) {
      throw notYetKnown(record.service, 1_000, error);
    }
  }

  /** The answer was lost just now. Often the job is there to be seen. */
  async #findAtOnce<Result>(run: Run<Result>, record: CreateRecord, cause: unknown): Promise<Outcome<Result>> {
    await this.#parts.records.leave(run.id, record).catch(nothing);
    const found = await this.#find(run.id, record, cause);
    if (found.outcome === 'none') throw notYetKnown(record.service, this.#waitMs(record), cause);
    return { isReplay: false, result: await run.create.read(found.awsJobId, unending) };
  }

  /** An earlier call left it open. It is sent again only once its job can be said not to exist. */
  async #takeUp<Result>(run: Run<Result>, record: CreateRecord): Promise<Outcome<Result>> {
    const waitMs = this.#waitMs(record);
    const found = await this.#find(run.id, record);
    if (found.outcome === 'found') {
      return { isReplay: true, result: await run.create.read(found.awsJobId, unending) };
    }
    if (waitMs > 0) throw notYetKnown(record.service, waitMs);
    return this.#begin(run, record);
  }

  async #find(id: string, record: CreateRecord, cause?: unknown) {
    const { service } = record;
    if (record.trace === null) throw neverKnown(service, cause);
    const finding = await this.#parts.reconciliation.settle(id, record).catch((error: unknown) => {
      throw notYetKnown(service, 1_000, error);
    });
    if (finding.outcome === 'unsure') throw notYetKnown(service, 1_000, cause);
    return finding;
  }

  #waitMs({ service, attemptAt }: CreateRecord): number {
    const { clock, settlingMs } = this.#parts;
    return Math.max(0, attemptAt + settlingMs[service] - clock.now());
  }
}

/** An attempt that may or may not have made a job. */
class Unclear extends Error {
  constructor(cause: unknown) {
    super('the outcome is not clear', { cause });
  }
}

function nothing(): void {}
