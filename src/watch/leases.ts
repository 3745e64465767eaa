/** The leases of one gateway: which shards it surely has, and the fencing tokens of all. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { leaveScript, renewScript } from './lease-scripts.ts';
import { redisKeys } from './redis-keys.ts';
import { allShards, jobShards } from './shard.ts';
import type { Permit } from './transition-log.ts';

/** How long a lease lasts, by Redis' own clock. */
export const leaseMs = 10_000;
export const renewalMs = 3_000;

/** By so much two clocks may differ over the length of a lease, and Redis may be late to look at its own. */
const marginMs = 500;

/** What one renewal found out. */
export interface Renewal {
  /** When the first lease of another gateway ends, unless that renews it. */
  readonly firstFreeMs: number;
  /** Whether there is something for others to take. */
  readonly gaveBack: boolean;
  /** The other gateways, each with the version of what it wishes for. */
  readonly others: ReadonlyMap<string, string>;
}

const renewalReply = z.tuple([
  z.array(z.number()),
  z.number(),
  z.number(),
  z.array(z.coerce.number()),
  z.array(z.string()),
]);

export class Leases {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #name: string;
  #held: ReadonlySet<number> = new Set();
  /** Until then nobody else can have what is held: counted on from before it was asked for, by a clock that nobody sets. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #tokens: Permit = [];

  /** `name` is that of this gateway, and of no other before it. */
  constructor(redis: Redis, clock: Clock, name: string) {
    this.#redis = redis;
    this.#clock = clock;
    this.#name = name;
  }

  has(shard: number): boolean {
    return this.#held.has(shard) && !this.isOver;
  }

  /** Whether all that was held may be another's by now. */
  get isOver(): boolean {
    return this.#clock.monotonicMs() >= this.#heldUntil;
  }

  /** The shards held, unless `isOver`. */
  get held(): ReadonlySet<number> {
    return this.#held;
  }

  /** The tokens of all shards, as far as they are known here. */
  get tokens(): Permit {
    return this.#tokens;
  }

  /** Keeps what is held and takes a fair share of what is free, and those `wanted` by name. Rejects where Redis does not answer. */
  async renew(wanted: Iterable<number>): Promise<Renewal> {
    const { members, tokens, versions, leasePrefix } = redisKeys;
    const askedAt = this.#clock.monotonicMs();
    const args = [this.#name, leaseMs, jobShards, allShards, leasePrefix, ...wanted];
    const reply = await this.#redis.eval(renewScript, 3, members, tokens, versions, ...args);
    const [held, firstFreeMs, gaveBack, given, named] = renewalReply.parse(reply);
    this.#held = new Set(held);
    this.#heldUntil = askedAt + leaseMs - marginMs;
    this.#tokens = given;
    const names = named.filter((_, index) => index % 2 === 0);
    const others = new Map(names.map((name, index) => [name, named[2 * index + 1] ?? '']));
    others.delete(this.#name);
    return { firstFreeMs, gaveBack: gaveBack === 1, others };
  }

  /** Another gateway has the shard: this `token` is higher than the one that is known here. */
  lose(shard: number, token: number): void {
    this.#held = new Set([...this.#held].filter((held) => held !== shard));
    this.#tokens = this.#tokens.map((known, each) => (each === shard ? Math.max(known, token) : known));
  }

  /** Gives everything back, so that nobody has to wait until it ends. */
  async leave(): Promise<void> {
    this.#held = new Set();
    const { members, versions, wishesPrefix, leasePrefix } = redisKeys;
    const keys = [members, versions, wishesPrefix + this.#name];
    await this.#redis.eval(leaveScript, keys.length, ...keys, this.#name, allShards, leasePrefix);
  }
}
