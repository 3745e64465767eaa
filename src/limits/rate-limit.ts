/** Limits the points that a caller may spend in a minute, and the failed authentications of an address. */
import { hash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { BoundedKeys } from './bounded-keys.ts';

export interface RateLimitOptions {
  /** Points of each key in each window. */
  readonly points: number;
  readonly windowMs: number;
  /** Max new keys in one window, about 0.5 kB each; further keys share one budget. */
  readonly maxKeys: number;
}

/** The points of operations, by caller. */
export const defaultRateLimit: RateLimitOptions = { points: 10_000, windowMs: 60_000, maxKeys: 20_000 };

/** Failed authentications, by address. */
export const defaultConnectionLimit: RateLimitOptions = { points: 1_000, windowMs: 60_000, maxKeys: 20_000 };

/** Undefined if the operation may proceed, else the time until the key has points again. */
export type Verdict = { readonly retryAfterMs: number } | undefined;

/**
 * Counts points by key in windows that start with the key's first use. The library reads the system's clock and sets
 * one timer a key, which does not keep the process alive; `now` only decides how long keys are kept. With `redis` all
 * gateways that share it count together; while it cannot be reached each counts by itself.
 */
export class RateLimit {
  readonly #limiter: RateLimiterMemory | RateLimiterRedis;
  readonly #keys: BoundedKeys;
  readonly #now: () => number;
  readonly #maxKeys: number;
  /** The end of the refusal for keys that have been refused. */
  readonly #refusedUntil = new Map<string, number>();

  constructor({ points, windowMs, maxKeys }: RateLimitOptions, now: () => number, redis?: Redis) {
    const window = { points, duration: windowMs / 1_000 };
    this.#limiter = redis === undefined ? new RateLimiterMemory(window) : sharedLimiter(window, redis);
    this.#keys = new BoundedKeys({ maxKeys, windowMs, now });
    this.#now = now;
    this.#maxKeys = maxKeys;
  }

  /** Charges `points` to `key`, even if it is refused. */
  async charge(key: string, points: number): Promise<Verdict> {
    try {
      await this.#limiter.consume(storedKeyFrom(this.#keys.keyFor(key)), points);
      return undefined;
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      this.#rememberRefusal(key, rejection.msBeforeNext);
      return { retryAfterMs: rejection.msBeforeNext };
    }
  }

  /** The verdict of `charge` for a key that was refused and would be again, without counting or waiting. */
  refusal(key: string): Verdict {
    const leftMs = (this.#refusedUntil.get(key) ?? 0) - this.#now();
    if (leftMs > 0) return { retryAfterMs: Math.ceil(leftMs) };
    this.#refusedUntil.delete(key);
    return undefined;
  }

  /** Whether `key` has points left, without charging any. */
  async check(key: string): Promise<Verdict> {
    const state = await this.#limiter.get(storedKeyFrom(this.#keys.keyFor(key)));
    const isSpent = state !== null && state.remainingPoints <= 0 && state.msBeforeNext > 0;
    return isSpent ? { retryAfterMs: state.msBeforeNext } : undefined;
  }

  /** Clearing the map only means that `charge` refuses its keys again. */
  #rememberRefusal(key: string, forMs: number): void {
    if (this.#refusedUntil.size >= this.#maxKeys) this.#refusedUntil.clear();
    this.#refusedUntil.set(key, this.#now() + forMs);
  }
}

/** A short hash without the caller's name, since Redis may store it on disk. */
function storedKeyFrom(key: string): string {
  const known = storedKeys.get(key);
  if (known !== undefined) return known;
  const storedKey = hash('sha256', key, 'base64url');
  if (storedKeys.size >= maxStoredKeys) storedKeys.clear();
  storedKeys.set(key, storedKey);
  return storedKey;
}

/** Each request needs two of these hashes, nearly always the same ones as earlier requests. */
const storedKeys = new Map<string, string>();
const maxStoredKeys = 1_000;

function sharedLimiter(window: { readonly points: number; readonly duration: number }, redis: Redis): RateLimiterRedis {
  return new RateLimiterRedis({
    ...window,
    storeClient: redis,
    keyPrefix: '{waybill}:points',
    // A key without points is refused without another call to Redis.
    inMemoryBlockOnConsumed: window.points,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(window),
  });
}

/** Why a `ConnectionThrottle` refuses. */
export const failedTooOften = 'Too many authentications of this address have failed';

/** The error with the code `RATE_LIMITED`. */
export function rateLimited(
  { retryAfterMs }: { readonly retryAfterMs: number },
  reason = 'Too many points were spent in a short time',
): GraphQLError {
  return new GraphQLError(`${reason}: wait before trying again.`, {
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs },
  });
}

/**
 * Refuses addresses with too many failed authentications until their window ends. Each gateway counts by itself: the
 * throttle protects its own sockets before the caller is known, and should neither wait for Redis nor write to it for
 * unauthenticated peers.
 */
export class ConnectionThrottle {
  readonly #failures: RateLimit;
  /** While no authentication has failed, no request needs to look its address up. */
  #hasFailed = false;

  constructor(options: RateLimitOptions, now: () => number) {
    this.#failures = new RateLimit(options, now);
  }

  /** Call before the handshake, with the address of the connection, never with one that a header claims. */
  async verdictFor(address: string): Promise<Verdict> {
    if (!this.#hasFailed) return undefined;
    return this.#failures.check(networkOf(address));
  }

  async failed(address: string): Promise<void> {
    this.#hasFailed = true;
    await this.#failures.charge(networkOf(address), 1);
  }
}

/** The owner of an IPv6 address has the whole /64 around it. IPv4 mapped into IPv6 counts as IPv4. */
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
