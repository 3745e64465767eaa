/** Which jobs are watched in which gateway, so that the one that reads a job does so whoever watches it. */
import type { Redis } from 'ioredis';
import type { JobRef, JobService } from '../job.ts';
import { redisKeys } from './redis-keys.ts';
import { jobKey } from './transition-log.ts';

/** The wishes of a gateway that has died go with it; those of one that was cut off are written anew. */
const keptMs = 60_000;

interface Wishes {
  readonly version: string;
  readonly refs: readonly JobRef[];
}

export class WishedJobs {
  readonly #redis: Redis;
  readonly #name: string;
  readonly #own = new Map<string, JobRef>();
  /** What is still to be written, by job: whether it is wished for. */
  #changes = new Map<string, boolean>();
  #version = 0;
  #others: ReadonlyMap<string, Wishes> = new Map();

  constructor(redis: Redis, name: string) {
    this.#redis = redis;
    this.#name = name;
  }

  wish(ref: JobRef, isWished: boolean): void {
    const key = jobKey(ref);
    if (isWished) this.#own.set(key, ref);
    else this.#own.delete(key);
    this.#changes.set(key, isWished);
  }

  /** Whether the others do not know of it yet, as where Redis is full. */
  isUnwritten(ref: JobRef): boolean {
    return this.#changes.has(jobKey(ref));
  }

  get hasChanged(): boolean {
    return this.#changes.size > 0;
  }

  /** What the other gateways wish for. */
  get elsewhere(): readonly JobRef[] {
    const byKey = new Map<string, JobRef>();
    for (const { refs } of this.#others.values()) for (const ref of refs) byKey.set(jobKey(ref), ref);
    return [...byKey.values()];
  }

  /** Writes what has changed, or everything where Redis does not have what it should. Rejects where that is not certain. */
  async write(): Promise<void> {
    const changes = this.#changes;
    this.#changes = new Map();
    const expected = this.#own.size;
    try {
      const kept = changes.size > 0 ? await this.#writeChanges(changes) : await this.#keep();
      if (kept === expected) return;
      for (const key of this.#own.keys()) changes.set(key, true);
      await this.#writeAll();
    } catch (error) {
      // Later ones stand.
      this.#changes = new Map([...changes, ...this.#changes]);
      throw error;
    }
  }

  /** One by one: where Redis is full it takes no transaction at all, not even one that writes nothing (7.0.15). */
  async #keep(): Promise<number> {
    const key = redisKeys.wishesPrefix + this.#name;
    await this.#redis.pexpire(key, keptMs);
    return this.#redis.scard(key);
  }

  async #writeChanges(changes: ReadonlyMap<string, boolean>): Promise<unknown> {
    const key = redisKeys.wishesPrefix + this.#name;
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
    const key = redisKeys.wishesPrefix + this.#name;
    const batch = this.#redis.multi().del(key);
    for (const each of this.#own.keys()) batch.sadd(key, each);
    batch.hset(redisKeys.versions, this.#name, this.#nextVersion()).pexpire(key, keptMs);
    await batch.exec();
  }

  #nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  /** Reads what the gateways `named` wish for, each with the version of its wishes, where that is not known yet. Whether it was news. */
  async read(named: ReadonlyMap<string, string>): Promise<boolean> {
    const known = this.#others;
    const others = await Promise.all(
      [...named].map(async ([name, version]) => {
        const before = known.get(name);
        if (before?.version === version) return [name, before] as const;
        const keys = await this.#redis.smembers(redisKeys.wishesPrefix + name);
        return [name, { version, refs: keys.map(refFrom) }] as const;
      }),
    );
    const isSame = others.length === known.size && others.every(([name, wishes]) => known.get(name) === wishes);
    this.#others = new Map(others);
    return !isSame;
  }
}

function refFrom(key: string): JobRef {
  const end = key.indexOf(':');
  return { service: key.slice(0, end) as JobService, awsJobId: key.slice(end + 1) };
}
