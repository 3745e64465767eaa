/** Defines callers and their scopes. */

/** All scopes. */
export const scopes = [
  'jobs:read',
  'jobs:write',
  'jobs:secrets',
  'catalog:read',
  'catalog:write',
  'schema:read',
] as const;

export type Scope = (typeof scopes)[number];

export interface Caller {
  /** The caller's name for operators. With `jwt` it is the subject, which may be personal: not for logs or metrics. */
  readonly name: string;
  /** The key for limits, sharing and tenancy: the same for all tokens of one caller, different between callers. Never a token. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The end of the rights, in milliseconds since the epoch; absent if they do not end by time. */
  readonly expiresAt?: number;
}

/** The caller without authentication, which only a gateway on a loopback address may have. */
export const localCaller: Caller = Object.freeze({ name: 'local', id: 'local', scopes: new Set(scopes) });

export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.scopes.has(scope);
}

export function isScope(word: unknown): word is Scope {
  return scopes.some((scope) => scope === word);
}

/** Whether the rights have ended by `now`. At `expiresAt` they have. */
export function hasExpired({ expiresAt }: Pick<Caller, 'expiresAt'>, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}
