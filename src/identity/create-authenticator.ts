/** Creates the authenticator that the configuration selects. */
import type { Clock } from '../base/clock.ts';
import { type Authenticator, createOpenAuthenticator } from './authenticator.ts';
import { createTokenAuthenticator } from './token-authenticator.ts';

/** How callers authenticate. With `none` they do not, and only this machine is served. */
export type Auth =
  | { readonly mode: 'none' }
  | { readonly mode: 'tokens'; readonly file: string }
  | { readonly mode: 'jwt'; readonly issuer: string; readonly audience: string; readonly jwksUrl: URL };

export interface AuthenticatorOptions {
  readonly auth: Auth;
  readonly clock: Clock;
  /** Logs one line about keys or tokens that cannot be read. */
  readonly log: (line: string) => void;
}

/** Loads jose only where it is asked for. Rejects with an `Error` with the reason if a token file or a key set URL is invalid. */
export async function createAuthenticator({ auth, clock, log }: AuthenticatorOptions): Promise<Authenticator> {
  if (auth.mode === 'tokens') return createTokenAuthenticator({ path: auth.file, clock, log });
  if (auth.mode === 'jwt') {
    const { createJwtAuthenticator } = await import('./jwt.ts');
    return createJwtAuthenticator({ ...auth, clock, log });
  }
  return createOpenAuthenticator();
}
