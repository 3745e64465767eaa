/** Reads and writes the token file, and compares tokens with its entries. */
import { hash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { scopes } from './caller.ts';

/** Thrown for an invalid file. Each fault names the place, what was expected and what arrived; never a hash or a token. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
  readonly faults: readonly string[];

  constructor(path: string, faults: readonly string[]) {
    super(faults.map((fault) => `${path}: ${fault}`).join('\n'));
    this.faults = faults;
  }
}

/** A name that is safe in a log, in a metric and on a command line. */
export const tokenName = z
  .string()
  .regex(/^(?!wbt_)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .describe('1 to 64 letters, digits, dots, dashes and underscores, the first a letter or a digit, and no token');

/** An instant with a time zone. A date means the first instant of that day in UTC. */
export const expiry = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .describe('a date such as 2027-01-01, or an instant such as 2027-01-01T12:00:00Z');

const entry = z.strictObject({
  name: tokenName,
  hash: z
    .string()
    .regex(/^sha256:[A-Za-z0-9_-]{43}$/)
    .describe('sha256: and 43 characters of base64url'),
  scopes: z.array(z.enum(scopes).describe(`one of ${scopes.join(', ')}`)).describe('a list of scopes'),
  expiresAt: expiry.optional().describe(expiry.description ?? ''),
});

const file = z.strictObject({
  tokens: z.array(entry).max(10_000).superRefine(uniqueBy('name')).superRefine(uniqueBy('hash')),
});

export type TokenEntry = z.infer<typeof entry>;

/** The entries of a file in their order. Throws `TokenFileError` with every fault; `path` is for its message. */
export function tokenEntriesFrom(text: string, path: string): readonly TokenEntry[] {
  const content = jsonFrom(text, path);
  const parsed = file.safeParse(content);
  if (parsed.success) return parsed.data.tokens;
  throw new TokenFileError(
    path,
    parsed.error.issues.map((issue) => faultOf(issue, content)),
  );
}

export function textFromTokenEntries(tokens: readonly TokenEntry[]): string {
  return `${JSON.stringify({ tokens }, null, 2)}\n`;
}

const tokenShape = /^wbt_[A-Za-z0-9_-]{43}$/;

/** 256 random bits. The prefix lets people and secret scanners recognise a token. */
export function newToken(): string {
  return `wbt_${randomBytes(32).toString('base64url')}`;
}

/**
 * Whether `token` has the form of a token of Waybill. Any other text is refused even if its hash is in the file, as a
 * password that somebody chose and hashed could be guessed.
 */
export function isTokenShaped(token: string): boolean {
  return tokenShape.test(token);
}

/** A plain SHA-256. A slow salted hash protects guessable secrets, and 256 random bits are not guessable. */
export function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

export function hashOf(token: string): string {
  return `sha256:${digestOf(token).toString('base64url')}`;
}

export function digestFromHash(hash: string): Buffer {
  return Buffer.from(hash.slice('sha256:'.length), 'base64url');
}

function jsonFrom(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of JSON.parse quotes the text.
    throw new TokenFileError(path, ['expected JSON']);
  }
}

/** With two entries of one name or one token, one would stay valid when the other is removed. */
function uniqueBy(member: 'name' | 'hash') {
  return (entries: readonly TokenEntry[], context: z.RefinementCtx<readonly TokenEntry[]>): void => {
    const known = new Set<string>();
    for (const [index, { [member]: value }] of entries.entries()) {
      const message = `expected a ${member} of its own, received that of another token`;
      if (known.has(value)) context.addIssue({ code: 'custom', path: [index, member], message });
      known.add(value);
    }
  };
}

function faultOf(issue: z.core.$ZodIssue, content: unknown): string {
  const where = pathText(issue.path);
  if (issue.code === 'custom') return `${where}: ${issue.message}`;
  if (issue.code === 'unrecognized_keys') return `${where}: expected no member ${issue.keys.map(shown).join(', ')}`;
  return `${where}: expected ${expectedAt(issue.path)}, received ${receivedAt(issue.path, content)}`;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? 'the file' : text.slice(1);
}

function expectedAt(path: readonly PropertyKey[]): string {
  const [, index, member, inner] = path;
  if (path.length === 0) return 'an object with the member tokens';
  if (index === undefined) return 'a list of at most 10000 tokens';
  if (inner !== undefined) return entry.shape.scopes.element.description ?? '';
  const schema = Object.entries(entry.shape).find(([name]) => name === member)?.[1];
  return schema?.description ?? 'an object with name, hash and scopes';
}

function receivedAt(path: readonly PropertyKey[], content: unknown): string {
  const value = path.reduce<unknown>((at, step) => (Object(at) as Record<PropertyKey, unknown>)[step], content);
  if (path.at(-1) === 'hash' && typeof value === 'string') return `${value.length} other characters`;
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : shown(value);
}

/** Shortened, and hidden if a token was put in the wrong place. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return /wbt_|sha256:/i.test(text) || text.length > 80 ? 'something that is not shown here' : text;
}
