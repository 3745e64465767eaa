/** Creates a token file for a gateway with authentication. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { scopes as allScopes, type Scope } from '../../src/identity/caller.ts';
import { addToken } from '../../src/identity/token-changes.ts';

/** Removed with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

export interface Tokens<Name extends string> {
  /** The settings for the file. */
  readonly env: Readonly<Record<string, string>>;
  readonly path: string;
  readonly tokenOf: Readonly<Record<Name, string>>;
}

/** A token for each name, with its scopes. */
export async function tokensFor<Name extends string>(
  holders: Readonly<Record<Name, readonly Scope[]>>,
): Promise<Tokens<Name>> {
  const path = join(await temporaryFolder(), 'tokens.json');
  const tokenOf: Record<string, string> = {};
  for (const [name, scopes] of Object.entries<readonly Scope[]>(holders))
    tokenOf[name] = await addToken(path, { name, scopes: [...scopes] });
  return { env: { WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: path }, path, tokenOf: tokenOf as Record<Name, string> };
}

/** One caller with every scope. */
export async function oneToken(): Promise<{ readonly env: Readonly<Record<string, string>>; readonly token: string }> {
  const { env, tokenOf } = await tokensFor({ somebody: allScopes });
  return { env, token: tokenOf.somebody };
}
