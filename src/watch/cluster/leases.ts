/** The leases of one gateway: which services it surely reads, and the fencing tokens of all. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { type JobService, jobServices } from '../../model/job-state.ts';
import type { FencingTokens } from '../history/transition-log.ts';
import { leaveScript, renewScript } from './lease-scripts.ts';
import { redisKeys } from './redis-keys.ts';

/** How long a lease lasts, by Redis' own clock. */
export const leaseMs = 10_000;
export const renewalMs = 3_000;

/** By so much two clocks may differ over the length of a lease, and Redis may be late to look at its own. */
const marginMs = 500;

/** What one renewal found out. */
export interface Renewal {
  /** When the first lease of another gateway ends, unless that renews it. */
  readonly firstFreeMs: number;
  /** The other gateways, each with the version of what it is interested in. */
  readonly others: ReadonlyMap<string, string>;
}

const renewalReply = z.tuple([
  z.array(z.enum(jobServices)),
  z.number(),
  z.array(z.coerce.number()),
  z.array(z.string()),
]);

export class Leases {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #name: string;
  #held: ReadonlySet<JobService> = new Set();
  /** Until then nobody else can have what is held: counted on from before it was asked for, by a clock that nobody sets. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #tokens: FencingTokens = {};

  /** `name` is that of this gateway, and of no other before it. */
  constructor(redis: Redis, clock: Clock, name: string) {
    this.#redis = redis;
    this.#clock = clock;
    this.#name = name;
  }

  has(service: JobService): boolean {
    return this.#held.has(service) && !this.isOver;
  }

  /** Whether all that was held may be another's by now. */
  get isOver(): boolean {
    return this.#clock.monotonicMs() >= this.#heldUntil;
  }

  /** The services whose leases are held, unless `isOver`. */
  get held(): ReadonlySet<JobService> {
    return this.#held;
  }

  /** The tokens of all services, as far as they are known here. */
  get tokens(): FencingTokens {
    return this.#tokens;
  }

  /** Keeps what is held and takes what is free. Rejects where Redis does not answer. */
  async renew(): Promise<Renewal> {
    const { members, tokens, versions, leasePrefix } = redisKeys;
    const askedAt = this.#clock.monotonicMs();
    const args = [this.#name, leaseMs, leasePrefix, ...jobServices];
    const reply = await this.#redis.eval(renewScript, 3, members, tokens, versions, ...args);
    const [held, firstFreeMs, given, named] = renewalReply.parse(reply);
    this.#held = new Set(held);
    this.#heldUntil = askedAt + leaseMs - marginMs;
    this.#tokens = Object.fromEntries(jobServices.map((service, place) => [service, given[place]]));
    const names = named.filter((_, index) => index % 2 === 0);
    const others = new Map(names.map((name, index) => [name, named[2 * index + 1] ?? '']));
    others.delete(this.#name);
    return { firstFreeMs, others };
  }

  /** Another gateway reads the service: this `token` is higher than the one that is known here. */
  lose(service: JobService, token: number): void {
    this.#held = new Set([...this.#held].filter((held) => held !== service));
    this.#tokens = { ...this.#tokens, [service]: Math.max(this.#tokens[service] ?? 0, token) };
  }

  /** Gives everything back, so that nobody has to wait until it ends. */
  async leave(): Promise<void> {
    this.#held = new Set();
    const { members, versions, interestPrefix, leasePrefix } = redisKeys;
    const keys = [members, versions, interestPrefix + this.#name];
    await this.#redis.eval(leaveScript, keys.length, ...keys, this.#name, leasePrefix, ...jobServices);
  }
}
