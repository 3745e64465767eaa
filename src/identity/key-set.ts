/** The keys of an issuer, fetched as seldom as rotation allows and never trusted for long without a word from it. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../base/clock.ts';
import { deadlineAfter } from '../base/deadline.ts';
import { isLoopback } from '../base/loopback.ts';

/** Keys older than this are fetched again beside the work, so that a key taken back does not serve until the last age. */
const refreshMs = 5 * 60_000;

/** Keys older than this verify nothing, even if no newer can be had: a key that was stolen must not outlive its withdrawal. */
const lastAgeMs = 10 * 60_000;

/**
 * At least so long between two fetches, whether or not they succeed, whatever ids tokens name. A caller whose key is new waits
 * for its turn, a second at most, and is not refused; one whose key is made up costs the issuer no more than that either.
 */
const cooldownMs = 1_000;

const fetchMs = 2_000;
const maxBytes = 1_048_576;

export interface KeySetOptions {
  readonly url: URL;
  readonly clock: Clock;
  /** Takes one line when the keys can no longer be fetched, and one when they can again. */
  readonly log: (line: string) => void;
}

/** The issuer's keys could not be had, or are too old to use. */
export class KeySetUnavailable extends Error {
  override readonly name = 'KeySetUnavailable';
}

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAt: number;
}

/**
 * jose's own remote key set asks the system for the time, waits only after fetches that succeeded, and refuses a new key in
 * the half minute after a fetch; so the keys come by way of its local one.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  readonly #closing = new AbortController();
  #keys: Keys | undefined;
  /** The fetch that has begun last, and the one that has yet to begin. */
  #running: Promise<unknown> = Promise.resolve();
  #waiting: Promise<Keys> | undefined;
  #begunAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;

  /** Throws if `url` is neither https nor on this machine: over anything else, others can put in keys of theirs. */
  constructor(options: KeySetOptions) {
    if (!isTrustworthy(options.url)) {
      throw new Error('expected the key set at an https URL, or on a loopback address, without user or password');
    }
    this.#options = options;
  }

  /**
   * For `jwtVerify`. By the key's id only: `jku`, `x5u` and `jwk` are the word of whoever made the token. Without an id, keys
   * could not be told apart while they are rotated.
   */
  readonly keyFor: JWTVerifyGetKey = async (header, token) => {
    if (typeof header.kid !== 'string') throw new errors.JWKSNoMatchingKey();
    const known = this.#usable();
    if (known === undefined) return (await this.#fetchAnew()).find(header, token);
    if (this.#ageOf(known) > refreshMs) this.#fetchAnew().catch(() => {});
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return (await this.#fetchAnew()).find(header, token);
    }
  };

  /** Ends what is being fetched. */
  close(): void {
    this.#closing.abort();
  }

  #usable(): Keys | undefined {
    if (this.#keys === undefined || this.#closing.signal.aborted) return undefined;
    return this.#ageOf(this.#keys) <= lastAgeMs ? this.#keys : undefined;
  }

  #ageOf({ fetchedAt }: Keys): number {
    return this.#options.clock.monotonicMs() - fetchedAt;
  }

  /** The keys of a fetch that begins after this call: one that has begun may have been answered before the key was there. */
  #fetchAnew(): Promise<Keys> {
    this.#waiting ??= this.#turn().then(() => {
      this.#waiting = undefined;
      this.#begunAt = this.#options.clock.monotonicMs();
      const fetching = this.#fetch(this.#begunAt);
      this.#running = fetching.catch(() => {});
      return fetching;
    });
    return this.#waiting;
  }

  async #turn(): Promise<void> {
    await this.#running;
    const { clock } = this.#options;
    const waitMs = this.#begunAt + cooldownMs - clock.monotonicMs();
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
      if (!this.#isFailing && !this.#closing.signal.aborted) log(`${placeOf(url)}: no keys, ${faultOf(error)}`);
      this.#isFailing = true;
      throw new KeySetUnavailable('the keys could not be fetched');
    }
    if (this.#isFailing) log(`${placeOf(url)}: keys again`);
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

/** Whether keys from there are the issuer's: nobody in between can change them. */
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

/** Without the query, which may hold a key of its own. */
function placeOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** Our own words and the system's codes: other messages may quote what arrived. */
function faultOf(error: unknown): string {
  if (error instanceof KeySetUnavailable) return error.message;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error instanceof Error ? error.name : 'an unexpected answer';
}
