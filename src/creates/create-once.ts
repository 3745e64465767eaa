/** Creates each job, data set and revision once per idempotency key. */
import { orAborted } from '../base/deadline.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Create } from './create.ts';
import { boundElsewhere, inProgress, mismatch } from './create-failures.ts';
import { kindOf } from './create-kind.ts';
import type { CreateTarget } from './create-record.ts';
import { KeyedCreate, type KeyedCreateParts, type Outcome, type Run } from './keyed-create.ts';
import { type ManifestUpdate, manifestToSend } from './manifest-update.ts';

export interface CreateRequest<Result> {
  /** The owner of the key. Each tenant has its own keys. */
  readonly tenant: string;
  /**
   * The caller's `idempotencyKey`. Without one the create is sent once, and what is found later cannot be linked to it.
   */
  readonly key: Maybe<string>;
  readonly create: Create<Result>;
  /** The caller's signal. It ends the waiting; the create itself is completed all the same. */
  readonly signal: AbortSignal;
  /** Called if the answer is that of an earlier call. */
  readonly onReplay: () => void;
  /** Called if the service refused the mark of a create with a key: the key could not settle a lost answer. */
  readonly onUnmarked: () => void;
}

/** Leaves time to answer within an operation's 15 s. */
const maxWaitMs = 12_000;

/** Creates with a key are completed even if the caller has disconnected. */
const neverAborted = new AbortController().signal;

interface Running {
  readonly inputMark: string;
  readonly outcome: Promise<Outcome<unknown>>;
}

export class CreateOnce {
  readonly #parts: KeyedCreateParts;
  readonly #keyed: KeyedCreate;
  readonly #running = new Map<string, Running>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #shutdown = new AbortController();

  constructor(parts: KeyedCreateParts) {
    this.#parts = parts;
    this.#keyed = new KeyedCreate(parts, this.#shutdown.signal);
  }

  /**
   * Returns the result of this key, created now or by an earlier call. Throws `BackendError`, or the reason of `signal`.
   */
  async run<Result>(request: CreateRequest<Result>): Promise<Result> {
    const { tenant, key, create, signal } = request;
    if (key === null || key === undefined) return this.#tracked(this.#performWithoutKey(create, signal));
    const { fingerprint, clock } = this.#parts;
    const id = fingerprint([tenant, create.target, key]);
    const giveUpAt = clock.monotonicMs() + maxWaitMs;
    const running = this.#runningOf({ id, inputMark: fingerprint(create.input), create, giveUpAt });
    // A key belongs to one target, and each target has one kind of result.
    const outcome = (await inTime(running, signal, create.target)) as Outcome<Result>;
    if (outcome.isReplay) request.onReplay();
    if (outcome.isUnmarked) request.onUnmarked();
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
  }

  /**
   * The manifest to replace that of a job with, so that a create whose answer was lost still finds the job. Throws
   * `BackendError`.
   */
  manifestToSend(update: ManifestUpdate): Promise<ImportExportManifest> {
    return manifestToSend(this.#parts.records, update);
  }

  /** Number of creates under way. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Resolves once no create is under way. Stops waiting for those of other gateways. */
  async settled(): Promise<void> {
    this.#shutdown.abort();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Calls that come while a create with the same key is under way share its outcome. */
  #runningOf<Result>(run: Run<Result>): Promise<Outcome<unknown>> {
    const known = this.#running.get(run.id);
    if (known !== undefined) {
      return known.inputMark === run.inputMark ? known.outcome : Promise.reject(mismatch(run.create.target));
    }
    const outcome = this.#tracked(this.#perform(run));
    this.#running.set(run.id, { inputMark: run.inputMark, outcome });
    const forget = () => void this.#running.delete(run.id);
    outcome.then(forget, forget);
    return outcome;
  }

  async #perform<Result>(run: Run<Result>): Promise<Outcome<Result>> {
    const outcome = await this.#keyed.perform(run);
    if (!('result' in outcome)) return outcome;
    return { ...outcome, result: await completed(run.create, outcome.result, neverAborted) };
  }

  async #performWithoutKey<Result>(create: Create<Result>, signal: AbortSignal): Promise<Result> {
    return completed(create, await this.#sendWithoutKey(create, signal), signal);
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    const ended = work.then(nothing, nothing);
    this.#underWay.add(ended);
    ended.then(() => this.#underWay.delete(ended));
    return work;
  }

  /** Notes the result as taken before a search, here or in another gateway, can bind it. */
  async #sendWithoutKey<Result>(create: Create<Result>, signal: AbortSignal): Promise<Result> {
    const { lock, fingerprint, records } = this.#parts;
    await create.prepare?.(signal);
    const kind = kindOf(create.traceOf('', fingerprint));
    return lock.withCreate(kind, async () => {
      // Without a store no gateway can bind a job; by the time it is back the job may be known.
      const withdraw = await records.open.announce(kind).catch(() => nothing);
      try {
        const { awsId, result } = await create.send(undefined, signal);
        const isOurs = await records.taken.takeForCaller(create.target, awsId);
        if (!isOurs) throw boundElsewhere(create.target);
        return result;
      } finally {
        await withdraw().catch(nothing);
      }
    });
  }
}

/** Waits only as long as the caller does; the create goes on. */
async function inTime<T>(outcome: Promise<T>, signal: AbortSignal, target: CreateTarget): Promise<T> {
  try {
    return await orAborted(outcome, signal);
  } catch (error) {
    const isLate = signal.aborted && error === signal.reason;
    throw isLate ? inProgress(target) : error;
  }
}

async function completed<Result>(create: Create<Result>, result: Result, signal: AbortSignal): Promise<Result> {
  return create.complete === undefined ? result : create.complete(result, signal);
}

async function nothing(): Promise<void> {}
