/** Who is calling where tokens are kept in a file, as the file is now. */
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

/** A second between looks at the file: what was taken away there must be gone within five, whatever happens to one look. */
const lookMs = 1_000;

/**
 * How many failed looks in a row end every right. One may have met an editor halfway through saving; with a second, the file
 * may be broken because of what somebody tried to take away, and that must not stay in force.
 */
const failuresToClose = 2;

export interface TokenAuthenticatorOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Takes one line about the file when its condition changes. No line holds a token or a hash. */
  readonly log: (line: string) => void;
}

/** Throws `TokenFileError` if there is no good file to begin with. Reads the file every second until it is closed. */
export function createTokenAuthenticator(options: TokenAuthenticatorOptions): Authenticator {
  const { path, log } = options;
  const { text, isOpenToWriting } = readTokenFile(path);
  if (isOpenToWriting) log(`${path}: others than its owner may write to it, and so give themselves any right`);
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
  /** By hash and not by name: a name may have been given away again since. */
  readonly #hashes = new WeakMap<Caller, string>();
  #holders: ReadonlyMap<string, Holder> = new Map();
  /** What the holders were made from; undefined while nobody has a right. */
  #text: string | undefined;
  #failures = 0;
  #cancelLook: () => void;

  constructor(options: TokenAuthenticatorOptions, text: string) {
    this.#options = options;
    this.#take(text);
    this.#cancelLook = options.clock.schedule(this.#look, lookMs);
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
    // Wrapped, so that one who listens twice is told twice, and each ends its own.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): void {
    this.#cancelLook();
    this.#listeners.clear();
    this.#refuseAll();
  }

  /** Compares with every entry, each in constant time, so that how long it takes tells nothing of the hashes. */
  #holderOf(digest: Buffer): Holder | undefined {
    let found: Holder | undefined;
    for (const holder of this.#holders.values()) if (timingSafeEqual(holder.digest, digest)) found = holder;
    return found;
  }

  /**
   * In one go, since the file is small and read from memory as good as always: with nothing under way between two looks, no
   * older text can come in after a newer one.
   */
  readonly #look = (): void => {
    this.#cancelLook = this.#options.clock.schedule(this.#look, lookMs);
    try {
      this.#take(readTokenFile(this.#options.path).text);
    } catch (error) {
      this.#fail(error);
    }
  };

  /** Goes by the text and not by the time of the last change: two changes can have the same time. */
  #take(text: string): void {
    const isNew = text !== this.#text;
    if (isNew) this.#use(tokenEntriesFrom(text, this.#options.path));
    if (this.#failures > 0) this.#options.log(`${this.#options.path}: good again, tokens: ${this.#holders.size}`);
    this.#text = text;
    this.#failures = 0;
    if (isNew) this.#tell();
  }

  #use(entries: readonly TokenEntry[]): void {
    this.#holders = new Map(entries.map((entry) => [entry.hash, holderFrom(entry)]));
    for (const { caller, hash } of this.#holders.values()) this.#hashes.set(caller, hash);
  }

  #fail(error: unknown): void {
    this.#failures += 1;
    if (this.#failures > failuresToClose) return;
    const { path, log } = this.#options;
    const isLast = this.#failures === failuresToClose;
    const effect = isLast
      ? 'every token is refused until it is put right'
      : 'what it said before holds for one look more';
    log(`${path}: ${error instanceof TokenFileError ? error.faults.join('; ') : 'unexpected'}; ${effect}`);
    if (!isLast) return;
    this.#refuseAll();
    this.#tell();
  }

  #refuseAll(): void {
    this.#holders = new Map();
    this.#text = undefined;
  }

  #tell(): void {
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

interface TokenFileContent {
  readonly text: string;
  /** Whether others than its owner may write to it. That they may read it is no harm: nothing in it can be used as a token. */
  readonly isOpenToWriting: boolean;
}

/** Both from one descriptor, so that they are of the same file. */
function readTokenFile(path: string): TokenFileContent {
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
