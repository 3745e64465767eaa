/** A gateway with token authentication, and callers whose rights a test changes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scopes as everyScope, type Scope } from '../../src/identity/caller.ts';
import { hashOf, newToken, type TokenEntry, textFromTokenEntries } from '../../src/identity/token-file.ts';
import { acceptedJson } from './accepted-json.ts';
import { type Answer, type GatewayParts, startGateway, type TestGateway } from './gateway.ts';
import { type LiveResult, openEvents, openSocket, type RawSocket } from './live.ts';
import { temporaryFolder } from './token-file.ts';

export const everyRight: readonly Scope[] = everyScope;

export interface GuardedGateway extends TestGateway {
  readonly tokenOf: (name: string) => string;
  /** Takes effect with the gateway's next read of the file, once a second. */
  readonly change: (name: string, rights: Partial<Pick<TokenEntry, 'expiresAt' | 'scopes'>>) => Promise<void>;
  /** Replaces the token of `name`; the old one is no longer valid. */
  readonly renew: (name: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  readonly askAs: (name: string | undefined, query: string, variables?: object) => Promise<Answer>;
  readonly socketOf: (name: string, payload?: object) => Promise<RawSocket>;
  readonly eventsOf: (
    name: string,
    query: string,
    variables: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => ReturnType<typeof openEvents>;
}

/** Polls fast, without limits except those of `env`. */
export async function startGuarded(
  rights: Readonly<Record<string, readonly Scope[]>>,
  env: Readonly<Record<string, string>> = {},
  expiresAt?: string,
  parts: GatewayParts = {},
): Promise<GuardedGateway> {
  const path = join(await temporaryFolder(), 'tokens.json');
  const tokens = new Map<string, string>();
  let entries = Object.entries(rights).map(([name, scopes]): TokenEntry => {
    tokens.set(name, newToken());
    return {
      name,
      hash: hashOf(tokens.get(name) ?? ''),
      scopes: [...scopes],
      ...(expiresAt !== undefined && { expiresAt }),
    };
  });
  const write = (next: TokenEntry[]) => {
    entries = next;
    return writeFile(path, textFromTokenEntries(entries), { mode: 0o600 });
  };
  await write(entries);
  const auth = { WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: path };
  const gateway = await startGateway({ ...unlimited, ...auth, ...env }, parts);
  const tokenOf = (name: string): string => tokens.get(name) ?? '';
  const bearer = (name: string) => ({ authorization: `Bearer ${tokenOf(name)}` });
  const changeEntry = (name: string, changes: Partial<TokenEntry>) =>
    write(entries.map((entry) => (entry.name === name ? { ...entry, ...changes } : entry)));
  return {
    ...gateway,
    tokenOf,
    change: changeEntry,
    renew: (name) => {
      tokens.set(name, newToken());
      return changeEntry(name, { hash: hashOf(tokenOf(name)) });
    },
    remove: (name) => write(entries.filter((entry) => entry.name !== name)),
    askAs: (name, query, variables) => post(gateway.url, name === undefined ? {} : bearer(name), { query, variables }),
    socketOf: (name, payload = {}) => openSocket(gateway.url, { ...payload, ...bearer(name) }),
    eventsOf: (name, query, variables, headers = {}) =>
      openEvents(gateway.url, variables, { ...bearer(name), ...headers }, query),
  };
}

const unlimited = {
  WAYBILL_MAX_COST_PER_MINUTE: '1000000000',
  WAYBILL_MAX_SOCKETS_PER_CALLER: '1000',
  WAYBILL_MAX_MESSAGES_PER_SECOND: '1000000',
};

async function post(url: string, headers: Record<string, string>, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: acceptedJson, ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

/** The error codes of an answer or of one result of a stream. */
export function codesOf({ errors = [] }: Answer | LiveResult): unknown[] {
  return errors.map(({ extensions }) => extensions?.['code']);
}
