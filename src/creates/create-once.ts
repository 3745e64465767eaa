/** Creates that must not happen twice: what an idempotency key promises. */
import type { Clock } from '../clock.ts';
import { orAborted } from '../deadline.ts';
import { BackendError } from '../errors.ts';
import type { JobService } from '../job.ts';
import type { Maybe } from '../job-request.ts';
import type { Create, Created } from './create.ts';
import {
  inProgress,
  mismatch,
  neverKnown,
  notYetKnown,
  rejected,
  rejectionFrom,
  storeUnavailable,
} from './create-failures.ts';
import { kindOf } from './create-kind.ts';
import { bound, type CreateRecord, dispatched, isUnsettled } from './create-record.ts';
import type { CreateRecords } from './create-records.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Turnstile } from './turnstile.ts';

export interface CreateRequest<Result> {
  /** For whom. Keys of one tenant mean nothing to another. */
  readonly tenant: string;
  /** The caller's `idempotencyKey`. Without one the create is sent once, and nothing ties a job found later to it. */
  readonly key: Maybe<string>;
  readonly create: Create<Result>;
  /** The caller's. Fires when nobody waits any more; the create is seen to its end all the same. */
  readonly signal: AbortSignal;
  /** Called where the answer is that of an earlier call. */
  readonly onReplay: () => void;
}

export interface CreateOnceParts {
  readonly clock: Clock;
  readonly records: CreateRecords;
  readonly fingerprint: Fingerprint;
  readonly reconciliation: Reconciliation;
  readonly turnstile: Turnstile;
  readonly settlingMs: Readonly<Record<JobService, number>>;
}

type Outcome<Result> = { readonly isReplay: boolean } & (
  | { readonly result: Result }
  | { readonly error: BackendError }
);

interface Running {
  readonly inputMark: string;
  readonly outcome: Promise<Outcome<unknown>>;
}

/** One run of a create, from the look at its record to its outcome. */
interface Run<Result> {
  readonly id: string;
  readonly inputMark: string;
  readonly create: Create<Result>;
}

/** What was sent is seen to its end, whoever has gone. */
const unending = new AbortController().signal;

export class CreateOnce {
  readonly #parts: CreateOnceParts;
  readonly #running = new Map<string, Running>();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(parts: CreateOnceParts) {
    this.#parts = parts;
  }

  /** The job of this key: made now, or by an earlier call. Throws `BackendError`, or the reason of `signal`. */
  async run<Result>(request: CreateRequest<Result>): Promise<Result> {
    const { tenant, key, create, signal, onReplay } = request;
    if (key === null || key === undefined) return this.#noted(this.#sendWithoutKey(create, signal));
    const { fingerprint } = this.#parts;
    const id = fingerprint([tenant, create.service, key]);
    const running = this.#runningOf({ id, inputMark: fingerprint(create.input), create });
    // One key belongs to one service, and each service has one kind of create.
    const outcome = (await inTime(running, signal, create.service)) as Outcome<Result>;
    if (outcome.isReplay) onReplay();
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
  }

  /** Resolves once no create is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Those who come while a create with the same key is under way share its outcome. */
  #runningOf<Result>(run: Run<Result>): Promise<Outcome<unknown>> {
    const known = this.#running.get(run.id);
    if (known !== undefined) {
      return known.inputMark === run.inputMark ? known.outcome : Promise.reject(mismatch(run.create.service));
    }
    const outcome = this.#noted(this.#perform(run));
    this.#running.set(run.id, { inputMark: run.inputMark, outcome });
    const forget = () => void this.#running.delete(run.id);
    outcome.then(forget, forget);
    return outcome;
  }

  #noted<T>(work: Promise<T>): Promise<T> {
    const ended = work.then(nothing, nothing);
    this.#underWay.add(ended);
    ended.then(() => this.#underWay.delete(ended));
    return work;
  }

  /** The id is noted as taken before anyone looks for a job that nobody was told of. */
  #sendWithoutKey<Result>(create: Create<Result>, signal: AbortSignal): Promise<Result> {
    const { turnstile, fingerprint, records } = this.#parts;
    return turnstile.pass(kindOf(create.traceOf('', fingerprint)), async () => {
      const { awsJobId, result } = await create.send(undefined, signal);
      await records.take(create.service, awsJobId).catch(nothing);
      return result;
    });
  }

  async #perform<Result>(run: Run<Result>): Promise<Outcome<Result>> {
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

/** Waits no longer than the caller does; the create goes on. */
async function inTime<T>(outcome: Promise<T>, signal: AbortSignal, service: JobService): Promise<T> {
  try {
    return await orAborted(outcome, signal);
  } catch (error) {
    const isLate = signal.aborted && error === signal.reason;
    throw isLate ? inProgress(service) : error;
  }
}

function nothing(): void {}
