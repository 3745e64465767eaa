/** How much may one caller ask in a minute, and how often may one address fail to connect? */
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { BoundedKeys } from './bounded-keys.ts';

export interface RateLimitOptions {
  /** Points that each key has for each window. */
  readonly points: number;
  readonly windowMs: number;
  /** New keys that are told apart in one window, about 0.5 kB each; what comes beyond shares one budget. */
  readonly maxKeys: number;
}

/** By the cost of operations, for each caller. */
export const defaultRateLimit: RateLimitOptions = { points: 10_000, windowMs: 60_000, maxKeys: 20_000 };

/** Failed attempts to connect, for each address. */
export const defaultConnectionLimit: RateLimitOptions = { points: 1_000, windowMs: 60_000, maxKeys: 20_000 };

/** Undefined where it may go on, else how long until the key has points again. */
export type Verdict = { readonly retryAfterMs: number } | undefined;

/**
 * Points for each key in windows that start with the key's first use. The library reads the system's clock and sets one
 * timer a key, which does not keep the process alive; `now` only decides how long keys are told apart. With a `redis` all
 * gateways that share it count together; while it is away each counts for itself.
 */
export class RateLimit {
  readonly #limiter: RateLimiterMemory | RateLimiterRedis;
  readonly #keys: BoundedKeys;
  readonly #now: () => number;
  readonly #maxKeys: number;
  /** Until when keys are refused that have been refused once. */
  readonly #refusedUntil = new Map<string, number>();

  constructor({ points, windowMs, maxKeys }: RateLimitOptions, now: () => number, redis?: Redis) {
    const window = { points, duration: windowMs / 1_000 };
    this.#limiter = redis === undefined ? new RateLimiterMemory(window) : sharedLimiter(window, redis);
    this.#keys = new BoundedKeys({ maxKeys, windowMs, now });
    this.#now = now;
    this.#maxKeys = maxKeys;
  }

  /** Takes `points` from `key`. What is refused is taken as well. */
  async charge(key: string, points: number): Promise<Verdict> {
    try {
      await this.#limiter.consume(markOf(this.#keys.keyFor(key)), points);
      return undefined;
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      this.#note(key, rejection.msBeforeNext);
      return { retryAfterMs: rejection.msBeforeNext };
    }
  }

  /** What `charge` would say, for a key that it has refused before and would refuse again, without counting or waiting. */
  refusal(key: string): Verdict {
    const leftMs = (this.#refusedUntil.get(key) ?? 0) - this.#now();
    if (leftMs > 0) return { retryAfterMs: Math.ceil(leftMs) };
    this.#refusedUntil.delete(key);
    return undefined;
  }

  /** Whether `key` has points left, without taking any. */
  async check(key: string): Promise<Verdict> {
    const state = await this.#limiter.get(markOf(this.#keys.keyFor(key)));
    const isSpent = state !== null && state.remainingPoints <= 0 && state.msBeforeNext > 0;
    return isSpent ? { retryAfterMs: state.msBeforeNext } : undefined;
  }

  /** What is forgotten costs no more than being counted again. */
  #note(key: string, forMs: number): void {
    if (this.#refusedUntil.size >= this.#maxKeys) this.#refusedUntil.clear();
    this.#refusedUntil.set(key, this.#now() + forMs);
  }
}

/** Short, and nobody's name: in a Redis it would lie on a disk. */
function markOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

function sharedLimiter(window: { readonly points: number; readonly duration: number }, redis: Redis): RateLimiterRedis {
  return new RateLimiterRedis({
    ...window,
    storeClient: redis,
    keyPrefix: '{waybill}:points',
    // Whoever has none left is refused without asking again.
    inMemoryBlockOnConsumed: window.points,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(window),
  });
}

/** The error with the code `RATE_LIMITED`. */
export function rateLimited({ retryAfterMs }: { readonly retryAfterMs: number }): GraphQLError {
  return new GraphQLError('Too much was asked in a short time: wait before asking again.', {
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs },
  });
}

/**
 * Turns away addresses whose attempts to connect keep failing, until their window ends. Each gateway counts for itself: it
 * protects its own sockets, before anybody is known, and should neither wait for nor write to a Redis for whoever knocks.
 */
export class ConnectionThrottle {
  readonly #failures: RateLimit;

  constructor(options: RateLimitOptions, now: () => number) {
    this.#failures = new RateLimit(options, now);
  }

  /** Ask before the handshake, with the address of the socket, and never one that a header claims. */
  verdictFor(address: string): Promise<Verdict> {
    return this.#failures.check(networkOf(address));
  }

  async failed(address: string): Promise<void> {
    await this.#failures.charge(networkOf(address), 1);
  }
}

/** Whoever has one address of IPv6 has the /64 around it. IPv4 that was mapped into IPv6 is IPv4. */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined || !bare.includes(':')) return mapped ?? bare;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
