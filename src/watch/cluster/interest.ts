/** What is watched in which gateway, so that the one that reads a service does so whoever watches it. */
import type { Redis } from 'ioredis';
import { type JobRef, type JobService, jobServices } from '../../model/job-state.ts';
import { jobKey } from '../history/transition-log.ts';
import { redisKeys } from './redis-keys.ts';

/** The interest of a gateway that has died goes with it; that of one that was cut off is written anew. */
const keptMs = 60_000;

/** Before the name of a service whose activity is watched; all else is the key of a job. */
const activityPrefix = 'activity:';

interface InterestOfOne {
  readonly version: string;
  readonly refs: readonly JobRef[];
  readonly activity: readonly JobService[];
}

export class Interest {
  readonly #redis: Redis;
  readonly #name: string;
  readonly #own = new Set<string>();
  /** What is still to be written, by its key: whether it is watched. */
  #changes = new Map<string, boolean>();
  #version = 0;
  #others: ReadonlyMap<string, InterestOfOne> = new Map();

  constructor(redis: Redis, name: string) {
    this.#redis = redis;
    this.#name = name;
  }

  setJob(ref: JobRef, isWatched: boolean): void {
    this.#set(jobKey(ref), isWatched);
  }

  setActivity(service: JobService, isWatched: boolean): void {
    this.#set(activityPrefix + service, isWatched);
  }

  /** Whether the others do not know of it yet, as where Redis is full. */
  isUnwritten(ref: JobRef): boolean {
    return this.#changes.has(jobKey(ref));
  }

  get hasChanged(): boolean {
    return this.#changes.size > 0;
  }

  /** The jobs that are watched in the other gateways. */
  get jobsElsewhere(): readonly JobRef[] {
    const byKey = new Map<string, JobRef>();
    for (const { refs } of this.#others.values()) for (const ref of refs) byKey.set(jobKey(ref), ref);
    return [...byKey.values()];
  }

  /** The services whose activity is watched in the other gateways. */
  get activityElsewhere(): ReadonlySet<JobService> {
    return new Set([...this.#others.values()].flatMap(({ activity }) => activity));
  }

  /** Writes what has changed, or everything where Redis does not have what it should. Rejects where that is not certain. */
  async write(): Promise<void> {
    const changes = this.#changes;
    this.#changes = new Map();
    const expected = this.#own.size;
    try {
      const kept = changes.size > 0 ? await this.#writeChanges(changes) : await this.#keep();
      if (kept === expected) return;
      for (const key of this.#own) changes.set(key, true);
      await this.#writeAll();
    } catch (error) {
      // Later ones stand.
      this.#changes = new Map([...changes, ...this.#changes]);
      throw error;
    }
  }

  /** One by one: where Redis is full it takes no transaction at all, not even one that writes nothing (7.0.15). */
  async #keep(): Promise<number> {
    const key = redisKeys.interestPrefix + this.#name;
    await this.#redis.pexpire(key, keptMs);
    return this.#redis.scard(key);
  }

  async #writeChanges(changes: ReadonlyMap<string, boolean>): Promise<unknown> {
    const key = redisKeys.interestPrefix + this.#name;
    const added = [...changes.keys()].filter((each) => changes.get(each));
    const removed = [...changes.keys()].filter((each) => !changes.get(each));
    const batch = this.#redis.multi();
    for (const each of added) batch.sadd(key, each);
    for (const each of removed) batch.srem(key, each);
    batch.hset(redisKeys.versions, this.#name, this.#nextVersion()).pexpire(key, keptMs).scard(key);
    const results = await batch.exec();
    for (const [error] of results ?? []) if (error) throw error;
    return results?.at(-1)?.[1];
  }

  async #writeAll(): Promise<void> {
    const key = redisKeys.interestPrefix + this.#name;
    const batch = this.#redis.multi().del(key);
    for (const each of this.#own) batch.sadd(key, each);
    batch.hset(redisKeys.versions, this.#name, this.#nextVersion()).pexpire(key, keptMs);
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

  /** Reads what the gateways `named` are interested in, each with the version of that, where it is not known yet. Whether it was news. */
  async read(named: ReadonlyMap<string, string>): Promise<boolean> {
    const known = this.#others;
    const others = await Promise.all(
      [...named].map(async ([name, version]) => {
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

/** What a newer version may be interested in beyond that is its own business. */
function interestFrom(keys: readonly string[]): Omit<InterestOfOne, 'version'> {
  return {
    refs: jobServices.flatMap((service) =>
      keys
        .filter((key) => key.startsWith(`${service}:`))
        .map((key) => ({ service, awsJobId: key.slice(service.length + 1) })),
    ),
    activity: jobServices.filter((service) => keys.includes(activityPrefix + service)),
  };
}
