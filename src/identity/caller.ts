/** Who is calling, and what they may do. */

/** Everything that a caller may be allowed, one word each. */
export const scopes = ['jobs:read', 'jobs:write', 'jobs:secrets', 'schema:read'] as const;

export type Scope = (typeof scopes)[number];

export interface Caller {
  /** What an operator knows the caller by. With `jwt` it is the subject, which may be personal: not for logs or metrics. */
  readonly name: string;
  /** The key for limits, sharing and tenancy: the same for every token of one caller, different between callers. Never a token. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** When the rights end, in milliseconds since the epoch. Absent: not by time. */
  readonly expiresAt?: number;
}

/** The caller where nobody is asked who they are, which only a gateway on a loopback address may do. */
export const localCaller: Caller = Object.freeze({ name: 'local', id: 'local', scopes: new Set(scopes) });

export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.scopes.has(scope);
}

export function isScope(word: unknown): word is Scope {
  return scopes.some((scope) => scope === word);
}

/** Whether the rights have ended by `now`. The last instant of them is the one before `expiresAt`. */
export function hasExpired({ expiresAt }: Pick<Caller, 'expiresAt'>, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}
