/** Authenticates callers by the tokens of a file, which it reads again every second. */
import { timingSafeEqual } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { type Authenticator, Unauthenticated } from './authenticator.ts';
import { bearerTokenFrom } from './authorization.ts';
import { type Caller, hasExpired } from './caller.ts';
import {
  digestFromHash,
  digestOf,
  isTokenShaped,
  type TokenEntry,
  TokenFileError,
  tokenEntriesFrom,
} from './token-file.ts';

/** The interval of reads. A token removed from the file must be refused within five seconds, even if one read fails. */
const readIntervalMs = 1_000;

/**
 * The number of failed reads in a row that end every right. One may have happened while an editor was saving. After a
 * second the file may be broken because of an attempt to remove a token, which must not stay valid.
 */
const failuresToClose = 2;

export interface TokenAuthenticatorOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Logs one line when the state of the file changes. No line contains a token or a hash. */
  readonly log: (line: string) => void;
}

/** Throws `TokenFileError` if the file is missing or invalid. Reads the file every second until it is closed. */
export function createTokenAuthenticator(options: TokenAuthenticatorOptions): Authenticator {
  const { path, log } = options;
  const { text, isOpenToWriting } = readTokenFile(path);
  if (isOpenToWriting) log(`${path}: users other than its owner may write to it and grant themselves any scope`);
  return new TokenAuthenticator(options, text);
}

interface Holder {
  readonly digest: Buffer;
  readonly hash: string;
  readonly caller: Caller;
}

class TokenAuthenticator implements Authenticator {
  readonly #options: TokenAuthenticatorOptions;
  readonly #listeners = new Set<() => void>();
  /** By hash rather than name, as a name may have been reused since. */
  readonly #hashes = new WeakMap<Caller, string>();
  #holders: ReadonlyMap<string, Holder> = new Map();
  /** The text of the file; undefined while every token is refused. */
  #text: string | undefined;
  #failures = 0;
  #cancelRead: () => void;

  constructor(options: TokenAuthenticatorOptions, text: string) {
    this.#options = options;
    this.#load(text);
    this.#cancelRead = options.clock.schedule(this.#read, readIntervalMs);
  }

  async authenticate(authorization: string | undefined): Promise<Caller> {
    const token = bearerTokenFrom(authorization);
    if (this.#text === undefined) throw new Unauthenticated('unavailable');
    const holder = isTokenShaped(token) ? this.#holderOf(digestOf(token)) : undefined;
    if (holder === undefined) throw new Unauthenticated('unknown');
    if (hasExpired(holder.caller, this.#options.clock.now())) throw new Unauthenticated('expired');
    return holder.caller;
  }

  current(caller: Caller): Caller | undefined {
    const now = this.#holders.get(this.#hashes.get(caller) ?? '')?.caller;
    return now && !hasExpired(now, this.#options.clock.now()) ? now : undefined;
  }

  onChange(listener: () => void): () => void {
    // Wrapped, so that a listener that is added twice is called twice, and each is removed separately.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): void {
    this.#cancelRead();
    this.#listeners.clear();
    this.#refuseAll();
  }

  /** Compares with every entry in constant time, so that the duration reveals nothing of the hashes. */
  #holderOf(digest: Buffer): Holder | undefined {
    let found: Holder | undefined;
    for (const holder of this.#holders.values()) if (timingSafeEqual(holder.digest, digest)) found = holder;
    return found;
  }

  /**
   * Reads synchronously, as the file is small and usually cached by the system. No older text can therefore arrive
   * after a newer one.
   */
  readonly #read = (): void => {
    this.#cancelRead = this.#options.clock.schedule(this.#read, readIntervalMs);
    try {
      this.#load(readTokenFile(this.#options.path).text);
    } catch (error) {
      this.#fail(error);
    }
  };

  /** Compares the text rather than the time of the last change, as two changes can have the same time. */
  #load(text: string): void {
    const isNew = text !== this.#text;
    if (isNew) this.#replaceHolders(tokenEntriesFrom(text, this.#options.path));
    if (this.#failures > 0) this.#options.log(`${this.#options.path}: valid again, tokens: ${this.#holders.size}`);
    this.#text = text;
    this.#failures = 0;
    if (isNew) this.#notifyListeners();
  }

  #replaceHolders(entries: readonly TokenEntry[]): void {
    this.#holders = new Map(entries.map((entry) => [entry.hash, holderFrom(entry)]));
    for (const { caller, hash } of this.#holders.values()) this.#hashes.set(caller, hash);
  }

  #fail(error: unknown): void {
    this.#failures += 1;
    if (this.#failures > failuresToClose) return;
    const { path, log } = this.#options;
    const isLast = this.#failures === failuresToClose;
    const effect = isLast
      ? 'every token is refused until the file is valid'
      : 'its previous content stays valid until the next read';
    log(`${path}: ${error instanceof TokenFileError ? error.faults.join('; ') : 'unexpected'}; ${effect}`);
    if (!isLast) return;
    this.#refuseAll();
    this.#notifyListeners();
  }

  #refuseAll(): void {
    this.#holders = new Map();
    this.#text = undefined;
  }

  #notifyListeners(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function holderFrom({ name, hash, scopes, expiresAt }: TokenEntry): Holder {
  const caller = {
    name,
    id: `token:${name}`,
    scopes: new Set(scopes),
    ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
  };
  return { hash, digest: digestFromHash(hash), caller: Object.freeze(caller) };
}

export interface TokenFileContent {
  readonly text: string;
  /** Whether users other than the owner may write to it. To read it is harmless, as nothing in it can be used as a token. */
  readonly isOpenToWriting: boolean;
}

/** Reads both from one descriptor, so that they belong to the same file. Throws `TokenFileError` if it cannot be read. */
export function readTokenFile(path: string): TokenFileContent {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return { text: readFileSync(file, 'utf8'), isOpenToWriting: (fstatSync(file).mode & 0o022) !== 0 };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new TokenFileError(path, [`could not be read${code}`]);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
