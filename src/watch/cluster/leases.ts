/** The leases of one gateway, and the fencing tokens of all services. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { type JobService, jobServices } from '../../model/job-state.ts';
import type { FencingTokens } from '../history/transition-log.ts';
import { leaveScript, renewScript } from './lease-scripts.ts';
import { redisKeys } from './redis-keys.ts';

/** Duration of a lease, by Redis' clock. */
export const leaseMs = 10_000;
export const renewalMs = 3_000;

/** Max difference of two clocks over the length of a lease, and max delay of Redis in checking its own. */
const marginMs = 500;

/** The result of a renewal. */
export interface Renewal {
  /** Milliseconds until the first lease of another gateway ends, unless it is renewed. */
  readonly firstFreeMs: number;
  /** The other gateways, each with the version of its interest. */
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
  /** Until then no other gateway can hold these leases: measured from before the request, by the monotonic clock. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #tokens: FencingTokens = {};

  /** `name` identifies this gateway and is never reused. */
  constructor(redis: Redis, clock: Clock, name: string) {
    this.#redis = redis;
    this.#clock = clock;
    this.#name = name;
  }

  has(service: JobService): boolean {
    return this.#held.has(service) && !this.isOver;
  }

  /** Whether all leases may have expired. */
  get isOver(): boolean {
    return this.#clock.monotonicMs() >= this.#heldUntil;
  }

  /** The services whose leases are held, unless `isOver`. */
  get held(): ReadonlySet<JobService> {
    return this.#held;
  }

  /** The known tokens of all services. */
  get tokens(): FencingTokens {
    return this.#tokens;
  }

  /** Renews the leases and takes free ones. Rejects if Redis does not answer. */
  async renew(): Promise<Renewal> {
    const { members, tokens, versions, leasePrefix } = redisKeys;
    const requestedAt = this.#clock.monotonicMs();
    const args = [this.#name, leaseMs, leasePrefix, ...jobServices];
    const reply = await this.#redis.eval(renewScript, 3, members, tokens, versions, ...args);
    const [held, firstFreeMs, tokenList, gateways] = renewalReply.parse(reply);
    this.#held = new Set(held);
    this.#heldUntil = requestedAt + leaseMs - marginMs;
    this.#tokens = Object.fromEntries(jobServices.map((service, index) => [service, tokenList[index]]));
    const names = gateways.filter((_, index) => index % 2 === 0);
    const others = new Map(names.map((name, index) => [name, gateways[2 * index + 1] ?? '']));
    others.delete(this.#name);
    return { firstFreeMs, others };
  }

  /** Another gateway holds the service's lease: its `token` is higher than the known one. */
  lose(service: JobService, token: number): void {
    this.#held = new Set([...this.#held].filter((held) => held !== service));
    this.#tokens = { ...this.#tokens, [service]: Math.max(this.#tokens[service] ?? 0, token) };
  }

  /** Gives the leases back, so that others need not wait until they end. */
  async leave(): Promise<void> {
    this.#held = new Set();
    const { members, versions, interestPrefix, leasePrefix } = redisKeys;
    const keys = [members, versions, interestPrefix + this.#name];
    await this.#redis.eval(leaveScript, keys.length, ...keys, this.#name, leasePrefix, ...jobServices);
  }
}
