/** Creates each job once per idempotency key. */
import { orAborted } from '../base/deadline.ts';
import type { JobService } from '../model/job-state.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Create } from './create.ts';
import { inProgress, jobBoundElsewhere, mismatch } from './create-failures.ts';
import { kindOf } from './create-kind.ts';
import { KeyedCreate, type KeyedCreateParts, type Outcome, type Run } from './keyed-create.ts';

export interface CreateRequest<Result> {
  /** The owner of the key. Each tenant has its own keys. */
  readonly tenant: string;
  /**
   * The caller's `idempotencyKey`. Without one the create is sent once, and a job found later cannot be linked to it.
   */
  readonly key: Maybe<string>;
  readonly create: Create<Result>;
  /** The caller's signal. It ends the waiting; the create itself is completed all the same. */
  readonly signal: AbortSignal;
  /** Called if the answer is that of an earlier call. */
  readonly onReplay: () => void;
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
   * Returns the job of this key, created now or by an earlier call. Throws `BackendError`, or the reason of `signal`.
   */
  async run<Result>(request: CreateRequest<Result>): Promise<Result> {
    const { tenant, key, create, signal, onReplay } = request;
    if (key === null || key === undefined) return this.#tracked(this.#performWithoutKey(create, signal));
    const { fingerprint, clock } = this.#parts;
    const id = fingerprint([tenant, create.service, key]);
    const giveUpAt = clock.monotonicMs() + maxWaitMs;
    const running = this.#runningOf({ id, inputMark: fingerprint(create.input), create, giveUpAt });
    // A key belongs to one service, and each service has one kind of result.
    const outcome = (await inTime(running, signal, create.service)) as Outcome<Result>;
    if (outcome.isReplay) onReplay();
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
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
      return known.inputMark === run.inputMark ? known.outcome : Promise.reject(mismatch(run.create.service));
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

  /** Notes the job as taken before a search, here or in another gateway, can bind it. */
  async #sendWithoutKey<Result>(create: Create<Result>, signal: AbortSignal): Promise<Result> {
    const { lock, fingerprint, records } = this.#parts;
    await create.prepare?.(signal);
    const kind = kindOf(create.traceOf('', fingerprint));
    return lock.withCreate(kind, async () => {
      // Without a store no gateway can bind a job; by the time it is back the job may be known.
      const withdraw = await records.open.announce(kind).catch(() => nothing);
      try {
        const { awsJobId, result } = await create.send(undefined, signal);
        const isOurs = await records.takeForCaller(create.service, awsJobId);
        if (!isOurs) throw jobBoundElsewhere(create.service);
        return result;
      } finally {
        await withdraw().catch(nothing);
      }
    });
  }
}

/** Waits only as long as the caller does; the create goes on. */
async function inTime<T>(outcome: Promise<T>, signal: AbortSignal, service: JobService): Promise<T> {
  try {
    return await orAborted(outcome, signal);
  } catch (error) {
    const isLate = signal.aborted && error === signal.reason;
    throw isLate ? inProgress(service) : error;
  }
}

async function completed<Result>(create: Create<Result>, result: Result, signal: AbortSignal): Promise<Result> {
  return create.complete === undefined ? result : create.complete(result, signal);
}

async function nothing(): Promise<void> {}
