/** `waybill token`: adds, lists and removes tokens in the file that `WAYBILL_TOKENS_FILE` names. */
import { parseArgs } from 'node:util';
import { systemClock } from '../app/system-clock.ts';
import type { Clock } from '../base/clock.ts';
import { ConfigError } from '../config/config-error.ts';
import { hasExpired, isScope, type Scope, scopes } from '../identity/caller.ts';
import { addToken, removeToken, tokensIn } from '../identity/token-changes.ts';
import { expiry, type TokenEntry, tokenName } from '../identity/token-file.ts';
import { print } from './output.ts';
import { UsageError } from './usage-error.ts';

export interface TokenCommandOptions {
  /** The token file, which need not exist yet. */
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
}

const usage = [
  'expected one of',
  '  add --name <name> --scopes <scope,…> [--expires <date or instant>]',
  '  list',
  '  remove --name <name>',
].join('\n');

/** Rejects with an `Error` whose message is for the person at the keyboard. */
export async function token(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { WAYBILL_TOKENS_FILE: path } = env;
  if (path === undefined || path === '')
    throw new ConfigError(['WAYBILL_TOKENS_FILE: expected the path of a file, received none']);
  for (const line of await tokenCommand(argv, { path, clock: systemClock })) print(line);
}

/** The lines to print. Rejects with an `Error` whose message is for the person at the keyboard. */
export async function tokenCommand(argv: readonly string[], options: TokenCommandOptions): Promise<readonly string[]> {
  const [verb, ...args] = argv;
  if (verb === 'add') return add(args, options);
  if (verb === 'list') return list(args, options);
  if (verb === 'remove') return remove(args, options);
  throw new UsageError(`${usage}\nreceived ${verb ?? 'nothing'}`);
}

async function add(args: readonly string[], { path, clock }: TokenCommandOptions): Promise<readonly string[]> {
  const options = { name: { type: 'string' }, scopes: { type: 'string' }, expires: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const name = nameFrom(values.name);
  const allowed = scopesFrom(values.scopes);
  const expiresAt = expiryFrom(values.expires, clock.now());
  const secret = await addToken(path, { name, scopes: allowed, ...(expiresAt !== undefined && { expiresAt }) });
  return [
    `${name} may ${allowed.join(', ')}, ${expiresAt === undefined ? 'until it is removed' : `until ${expiresAt}`}.`,
    'Its token, which is shown this once:',
    secret,
  ];
}

async function list(args: readonly string[], { path, clock }: TokenCommandOptions): Promise<readonly string[]> {
  parseArgs({ args: [...args], options: {} });
  const entries = await tokensIn(path);
  return entries.length === 0 ? [`${path} has no tokens.`] : entries.map((entry) => lineOf(entry, clock.now()));
}

async function remove(args: readonly string[], { path }: TokenCommandOptions): Promise<readonly string[]> {
  const { values } = parseArgs({ args: [...args], options: { name: { type: 'string' } } });
  const name = nameFrom(values.name);
  await removeToken(path, name);
  return [`${name} has no token any more. A gateway that runs cuts it off within five seconds.`];
}

function lineOf({ name, scopes: allowed, expiresAt }: TokenEntry, now: number): string {
  const rights = allowed.length > 0 ? allowed.join(', ') : 'nothing';
  if (expiresAt === undefined) return `${name}: ${rights}`;
  const isPast = hasExpired({ expiresAt: Date.parse(expiresAt) }, now);
  return `${name}: ${rights}, ${isPast ? 'expired' : 'until'} ${expiresAt}`;
}

function nameFrom(value: string | undefined): string {
  if (tokenName.safeParse(value).success) return value ?? '';
  throw new UsageError(`--name: expected ${tokenName.description}, received ${shown(value)}`);
}

function scopesFrom(value: string | undefined): readonly Scope[] {
  const words = value?.split(',').map((word) => word.trim()) ?? [];
  if (words.length > 0 && words.every(isScope)) return [...new Set(words)];
  throw new UsageError(`--scopes: expected some of ${scopes.join(',')}, received ${shown(value)}`);
}

/** As an instant, so that the time zone is unambiguous. */
function expiryFrom(value: string | undefined, now: number): string | undefined {
  if (value === undefined) return undefined;
  const at = expiry.safeParse(value).success ? Date.parse(value) : Number.NaN;
  if (at > now) return new Date(at).toISOString();
  throw new UsageError(`--expires: expected ${expiry.description}, to come, received ${shown(value)}`);
}

function shown(value: string | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
