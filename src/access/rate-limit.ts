/** How much may one caller ask in a minute, and how often may one address fail to connect? */
import { GraphQLError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
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
 * timer a key, which does not keep the process alive; `now` only decides how long keys are told apart. In memory: each
 * instance of the gateway counts for itself.
 */
export class RateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #keys: BoundedKeys;

  constructor({ points, windowMs, maxKeys }: RateLimitOptions, now: () => number) {
    this.#limiter = new RateLimiterMemory({ points, duration: windowMs / 1_000 });
    this.#keys = new BoundedKeys({ maxKeys, windowMs, now });
  }

  /** Takes `points` from `key`. What is refused is taken as well. */
  async charge(key: string, points: number): Promise<Verdict> {
    try {
      await this.#limiter.consume(this.#keys.keyFor(key), points);
      return undefined;
    } catch (rejection) {
      if (rejection instanceof RateLimiterRes) return { retryAfterMs: rejection.msBeforeNext };
      throw rejection;
    }
  }

  /** Whether `key` has points left, without taking any. */
  async check(key: string): Promise<Verdict> {
    const state = await this.#limiter.get(this.#keys.keyFor(key));
    const isSpent = state !== null && state.remainingPoints <= 0 && state.msBeforeNext > 0;
    return isSpent ? { retryAfterMs: state.msBeforeNext } : undefined;
  }
}

/** The error with the code `RATE_LIMITED`. */
export function rateLimited({ retryAfterMs }: { readonly retryAfterMs: number }): GraphQLError {
  return new GraphQLError('Too much was asked in a short time: wait before asking again.', {
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs },
  });
}

/** Turns away addresses whose attempts to connect keep failing, until their window ends. */
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
