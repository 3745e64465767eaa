/** Adds tokens to the file and removes them. */
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import type { Scope } from './caller.ts';
import {
  hashOf,
  newToken,
  type TokenEntry,
  TokenFileError,
  textFromTokenEntries,
  tokenEntriesFrom,
} from './token-file.ts';

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ISO 8601; absent if the token is valid until it is removed. */
  readonly expiresAt?: string;
}

/** The entries of the file, none if there is no file. Rejects with `TokenFileError`. */
export async function tokensIn(path: string): Promise<readonly TokenEntry[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new TokenFileError(path, [`could not be read (${codeOf(error)})`]);
  });
  return text === undefined ? [] : tokenEntriesFrom(text, path);
}

/**
 * Adds a token and resolves to it. The token is stored nowhere, so the command must print it. Rejects with
 * `TokenFileError` and leaves the file unchanged.
 */
export async function addToken(path: string, { name, scopes, expiresAt }: NewToken): Promise<string> {
  const token = newToken();
  const entry = { name, hash: hashOf(token), scopes: [...scopes], ...(expiresAt !== undefined && { expiresAt }) };
  await changeTokens(path, (entries) => {
    if (entries.some((other) => other.name === name)) {
      throw new TokenFileError(path, [`expected a new name, received ${name}, which has a token`]);
    }
    return [...entries, entry];
  });
  return token;
}

/**
 * Removes the token; its connected callers are cut off within seconds. Rejects with `TokenFileError` and leaves the
 * file unchanged.
 */
export async function removeToken(path: string, name: string): Promise<void> {
  await changeTokens(path, (entries) => {
    const others = entries.filter((entry) => entry.name !== name);
    if (others.length === entries.length) throw new TokenFileError(path, [`no token has the name ${name}`]);
    return others;
  });
}

type Change = (entries: readonly TokenEntry[]) => readonly TokenEntry[];

/**
 * Writes the new file beside the old one and replaces that atomically. The new file is also the lock, as with git: of
 * two simultaneous commands one could undo the change of the other, such as a removal.
 */
async function changeTokens(path: string, change: Change): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = `${target}.new`;
  const file = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw new TokenFileError(path, [draftFault(error, draft)]);
  });
  try {
    const text = textFromTokenEntries(change(await tokensIn(target)));
    tokenEntriesFrom(text, path);
    await file.writeFile(text);
    await keepOwner(file, target);
    await file.sync();
    await file.close();
    await rename(draft, target);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * A token added by root must not lock out the gateway, which runs as another user. The group does not matter, as the
 * mode is 0600.
 */
async function keepOwner(file: FileHandle, target: string): Promise<void> {
  const [old, mine] = await Promise.all([stat(target).catch(() => undefined), file.stat()]);
  if (old === undefined || old.uid === mine.uid) return;
  await file.chown(old.uid, old.gid).catch((error: unknown) => {
    throw new TokenFileError(target, [`could not be left to its owner (${codeOf(error)})`]);
  });
}

function draftFault(error: unknown, draft: string): string {
  return codeOf(error) === 'EEXIST'
    ? `another command is changing it; if none is, one was broken off: remove ${draft}`
    : `could not be written (${codeOf(error)})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no code';
}
