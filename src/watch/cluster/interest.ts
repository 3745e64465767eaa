/** Publishes which jobs each gateway watches, so that a service's reader reads them for all. */
import type { Redis } from 'ioredis';
import { type JobRef, type JobService, jobServices } from '../../model/job-state.ts';
import { jobKey } from '../history/transition-log.ts';
import { type ActivityInterest, earliest, type ServiceInterest } from './activity-interest.ts';
import { redisKeys } from './redis-keys.ts';

/** The interest of a crashed gateway expires; a gateway that was disconnected writes its own again. */
const expiryMs = 60_000;

/** Prefix of a service whose activity is watched. */
const activityPrefix = 'activity:';

/** Prefix of a service and an instant: jobs created since then are new to a reader. All other members are job keys. */
const sincePrefix = 'since:';

interface GatewayInterest {
  readonly version: string;
  readonly refs: readonly JobRef[];
  readonly activity: ActivityInterest;
}

export class Interest {
  readonly #redis: Redis;
  readonly #name: string;
  readonly #own = new Set<string>();
  /** Pending writes: by key, whether it is watched. */
  #changes = new Map<string, boolean>();
  #version = 0;
  #others: ReadonlyMap<string, GatewayInterest> = new Map();

  constructor(redis: Redis, name: string) {
    this.#redis = redis;
    this.#name = name;
  }

  setJob(ref: JobRef, isWatched: boolean): void {
    this.#set(jobKey(ref), isWatched);
  }

  setActivity(service: JobService, interest: ServiceInterest | undefined): void {
    this.#set(activityPrefix + service, interest !== undefined);
    const prefix = `${sincePrefix}${service}:`;
    for (const key of this.#own) if (key.startsWith(prefix)) this.#set(key, false);
    if (interest?.since !== undefined) this.#set(`${prefix}${interest.since}`, true);
  }

  /** Whether the interest is not written yet, as while Redis is full. */
  isUnwritten(ref: JobRef): boolean {
    return this.#changes.has(jobKey(ref));
  }

  get hasChanged(): boolean {
    return this.#changes.size > 0;
  }

  /** The jobs that other gateways watch. */
  get jobsElsewhere(): readonly JobRef[] {
    const byKey = new Map<string, JobRef>();
    for (const { refs } of this.#others.values()) for (const ref of refs) byKey.set(jobKey(ref), ref);
    return [...byKey.values()];
  }

  /** The services whose activity other gateways watch, each with the earliest instant. */
  get activityElsewhere(): ActivityInterest {
    const interest = new Map<JobService, ServiceInterest>();
    for (const { activity } of this.#others.values())
      for (const [service, each] of activity) interest.set(service, earliest(interest.get(service), each));
    return interest;
  }

  /** Writes the changes, or everything if Redis has lost some of it. Rejects if the writes may have failed. */
  async write(): Promise<void> {
    const changes = this.#changes;
    this.#changes = new Map();
    const expected = this.#own.size;
    try {
      const kept = changes.size > 0 ? await this.#writeChanges(changes) : await this.#extend();
      if (kept === expected) return;
      for (const key of this.#own) changes.set(key, true);
      await this.#writeAll();
    } catch (error) {
      // Later changes win.
      this.#changes = new Map([...changes, ...this.#changes]);
      throw error;
    }
  }

  /** Not in a transaction: a full Redis refuses every transaction, even one that writes nothing (7.0.15). */
  async #extend(): Promise<number> {
    const key = redisKeys.interestPrefix + this.#name;
    await this.#redis.pexpire(key, expiryMs);
    return this.#redis.scard(key);
  }

  async #writeChanges(changes: ReadonlyMap<string, boolean>): Promise<unknown> {
    const key = redisKeys.interestPrefix + this.#name;
    const added = [...changes.keys()].filter((each) => changes.get(each));
    const removed = [...changes.keys()].filter((each) => !changes.get(each));
    const batch = this.#redis.multi();
    for (const each of added) batch.sadd(key, each);
    for (const each of removed) batch.srem(key, each);
    batch.hset(redisKeys.versions, this.#name, this.#nextVersion()).pexpire(key, expiryMs).scard(key);
    const results = await batch.exec();
    for (const [error] of results ?? []) if (error) throw error;
    return results?.at(-1)?.[1];
  }

  async #writeAll(): Promise<void> {
    const key = redisKeys.interestPrefix + this.#name;
    const batch = this.#redis.multi().del(key);
    for (const each of this.#own) batch.sadd(key, each);
    batch.hset(redisKeys.versions, this.#name, this.#nextVersion()).pexpire(key, expiryMs);
    await batch.exec();
  }

  #set(key: string, isWatched: boolean): void {
    if (isWatched) this.#own.add(key);
    else this.#own.delete(key);
    this.#changes.set(key, isWatched);
  }

  #nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  /**
   * Reads the interest of other gateways, given as their versions, where it is not known yet. Returns whether anything
   * is new.
   */
  async read(versions: ReadonlyMap<string, string>): Promise<boolean> {
    const known = this.#others;
    const others = await Promise.all(
      [...versions].map(async ([name, version]) => {
        const before = known.get(name);
        if (before?.version === version) return [name, before] as const;
        const keys = await this.#redis.smembers(redisKeys.interestPrefix + name);
        return [name, { version, ...interestFrom(keys) }] as const;
      }),
    );
    const isSame = others.length === known.size && others.every(([name, interest]) => known.get(name) === interest);
    this.#others = new Map(others);
    return !isSame;
  }
}

/** Ignores what a newer version may add. */
function interestFrom(keys: readonly string[]): Omit<GatewayInterest, 'version'> {
  return {
    refs: jobServices.flatMap((service) =>
      keys
        .filter((key) => key.startsWith(`${service}:`))
        .map((key) => ({ service, awsJobId: key.slice(service.length + 1) })),
    ),
    activity: new Map(
      jobServices
        .filter((service) => keys.includes(activityPrefix + service))
        .map((service) => [service, { since: sinceIn(keys, `${sincePrefix}${service}:`) }]),
    ),
  };
}

function sinceIn(keys: readonly string[], prefix: string): number | undefined {
  const instants = keys.filter((key) => key.startsWith(prefix)).map((key) => Number(key.slice(prefix.length)));
  const readable = instants.filter(Number.isSafeInteger);
  return readable.length === 0 ? undefined : Math.min(...readable);
}
