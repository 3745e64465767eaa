/** Fetches and caches the public keys of an issuer. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../base/clock.ts';
import { deadlineAfter } from '../base/deadline.ts';
import { isLoopback } from '../base/loopback.ts';

/** Keys older than this are fetched again in the background, so that a withdrawn key is not used up to the maximum age. */
const refreshMs = 5 * 60_000;

/**
 * Keys older than this verify nothing, even if no newer ones can be fetched, so that a stolen key does not outlive its
 * withdrawal.
 */
const maxAgeMs = 10 * 60_000;

/**
 * The interval between two fetches, whether or not they succeed, and whatever key ids tokens name. A caller with a new
 * key waits for the next fetch, at most a second; a made-up key id causes no more fetches either.
 */
const cooldownMs = 1_000;

const fetchMs = 2_000;
const maxBytes = 1_048_576;

export interface KeySetOptions {
  readonly url: URL;
  readonly clock: Clock;
  /** Logs one line when the keys can no longer be fetched, and one when they can again. */
  readonly log: (line: string) => void;
}

/** The issuer's keys could not be fetched, or are too old to use. */
export class KeySetUnavailable extends Error {
  override readonly name = 'KeySetUnavailable';
}

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAt: number;
}

/**
 * jose's remote key set reads the system clock, waits only after successful fetches, and refuses a new key in the half
 * minute after a fetch. This class therefore fetches itself and uses jose's local key set.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  readonly #closing = new AbortController();
  #keys: Keys | undefined;
  /** The fetch that began last, and the one that will begin next. */
  #currentFetch: Promise<unknown> = Promise.resolve();
  #nextFetch: Promise<Keys> | undefined;
  #startedAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;

  /** Throws if `url` is neither https nor loopback, since others could replace the keys on the way. */
  constructor(options: KeySetOptions) {
    if (!isTrustworthy(options.url)) {
      throw new Error('expected the key set at an https URL, or on a loopback address, without user or password');
    }
    this.#options = options;
  }

  /**
   * For `jwtVerify`. Finds keys by their id only: `jku`, `x5u` and `jwk` come from the token itself. Without an id keys
   * could not be distinguished during a rotation.
   */
  readonly keyFor: JWTVerifyGetKey = async (header, token) => {
    if (typeof header.kid !== 'string') throw new errors.JWKSNoMatchingKey();
    const cached = this.#usable();
    if (cached === undefined) return (await this.#fetchAnew()).find(header, token);
    if (this.#ageOf(cached) > refreshMs) this.#fetchAnew().catch(() => {});
    try {
      return await cached.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return (await this.#fetchAnew()).find(header, token);
    }
  };

  /** Aborts a running fetch. */
  close(): void {
    this.#closing.abort();
  }

  #usable(): Keys | undefined {
    if (this.#keys === undefined || this.#closing.signal.aborted) return undefined;
    return this.#ageOf(this.#keys) <= maxAgeMs ? this.#keys : undefined;
  }

  #ageOf({ fetchedAt }: Keys): number {
    return this.#options.clock.monotonicMs() - fetchedAt;
  }

  /** The keys of a fetch that begins after this call; one that has begun may have been answered before the key existed. */
  #fetchAnew(): Promise<Keys> {
    this.#nextFetch ??= this.#cooldown().then(() => {
      this.#nextFetch = undefined;
      this.#startedAt = this.#options.clock.monotonicMs();
      const fetching = this.#fetch(this.#startedAt);
      this.#currentFetch = fetching.catch(() => {});
      return fetching;
    });
    return this.#nextFetch;
  }

  async #cooldown(): Promise<void> {
    await this.#currentFetch;
    const { clock } = this.#options;
    const waitMs = this.#startedAt + cooldownMs - clock.monotonicMs();
    if (waitMs <= 0 || this.#closing.signal.aborted) return;
    const { signal } = deadlineAfter(waitMs, this.#closing.signal, clock);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  async #fetch(fetchedAt: number): Promise<Keys> {
    const { url, log } = this.#options;
    try {
      const find = createLocalJWKSet(await this.#fetchJson());
      this.#keys = { find, fetchedAt };
    } catch (error) {
      if (!this.#isFailing && !this.#closing.signal.aborted)
        log(`${addressOf(url)}: the keys could not be fetched: ${faultOf(error)}`);
      this.#isFailing = true;
      throw new KeySetUnavailable('the keys could not be fetched');
    }
    if (this.#isFailing) log(`${addressOf(url)}: the keys were fetched again`);
    this.#isFailing = false;
    return this.#keys;
  }

  async #fetchJson(): Promise<JSONWebKeySet> {
    const { url, clock } = this.#options;
    const done = new AbortController();
    const end = (): void => done.abort();
    this.#closing.signal.addEventListener('abort', end, { once: true });
    try {
      this.#closing.signal.throwIfAborted();
      const { signal } = deadlineAfter(fetchMs, done.signal, clock);
      const headers = { accept: 'application/jwk-set+json, application/json' };
      const response = await fetch(url, { redirect: 'error', signal, headers });
      if (response.status !== 200) throw new KeySetUnavailable(`expected status 200, received ${response.status}`);
      return JSON.parse(await textOf(response)) as JSONWebKeySet;
    } finally {
      this.#closing.signal.removeEventListener('abort', end);
      done.abort();
    }
  }
}

/** Whether nobody between the issuer and the gateway can change the keys. */
export function isTrustworthy({ protocol, hostname, username, password }: URL): boolean {
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw new KeySetUnavailable(`expected at most ${maxBytes} bytes, received more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Without the query, which may contain an API key. */
function addressOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** Only texts of this program and codes of the system, since other messages may quote the response. */
function faultOf(error: unknown): string {
  if (error instanceof KeySetUnavailable) return error.message;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error instanceof Error ? error.name : 'an unexpected answer';
}
