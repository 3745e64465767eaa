/** Authenticates callers by JSON Web Tokens of an issuer. */
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../base/clock.ts';
import { type Authenticator, Unauthenticated, type UnauthenticatedReason } from './authenticator.ts';
import { bearerTokenFrom } from './authorization.ts';
import { type Caller, hasExpired, isScope, type Scope } from './caller.ts';
import { KeySet } from './key-set.ts';

/** Only algorithms that verify with a public key: with HS256 anyone with the public key could sign. */
const algorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** The allowed difference between the clocks of the gateway and the issuer, in seconds. */
const clockTolerance = 60;

export interface JwtAuthenticatorOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The URL of the issuer's key set: https, or a loopback address. */
  readonly jwksUrl: URL;
  readonly clock: Clock;
  /** Logs one line when the keys can no longer be fetched, and one when they can again. */
  readonly log: (line: string) => void;
}

/** Throws if `jwksUrl` is not safe. Fetches the keys with the first token. */
export function createJwtAuthenticator(options: JwtAuthenticatorOptions): Authenticator {
  const { issuer, audience, jwksUrl: url, clock, log } = options;
  const keySet = new KeySet({ url, clock, log });
  const requiredClaims = ['exp', 'sub'];
  return {
    async authenticate(authorization) {
      const token = bearerTokenFrom(authorization);
      const now = clock.now();
      const currentDate = new Date(now);
      const rules = { issuer, audience, algorithms, clockTolerance, currentDate, requiredClaims };
      const { payload } = await jwtVerify(token, keySet.keyFor, rules).catch((error: unknown) => {
        throw new Unauthenticated(reasonOf(error));
      });
      return callerFrom(payload, issuer, now);
    },
    current: (caller) => (hasExpired(caller, clock.now()) ? undefined : caller),
    onChange: () => () => {},
    close: () => keySet.close(),
  };
}

/**
 * The tolerance applies to a token on arrival. Rights in use end at `exp` by the gateway's clock, since a stream must
 * end within a second of it. The rights of a token that arrives after `exp` end with the tolerance.
 */
function callerFrom(payload: JWTPayload, issuer: string, now: number): Caller {
  const { sub, exp = 0 } = payload;
  if (typeof sub !== 'string' || sub === '') throw new Unauthenticated('unknown');
  const endsAt = exp * 1_000;
  return Object.freeze({
    name: sub,
    id: `jwt:${JSON.stringify([issuer, sub])}`,
    scopes: new Set(scopesFrom(payload)),
    expiresAt: endsAt > now ? endsAt : endsAt + clockTolerance * 1_000,
  });
}

/** `scope` (RFC 9068), or the `scp` of other issuers. Scopes of other services are ignored. */
function scopesFrom({ scope, scp }: JWTPayload): readonly Scope[] {
  const granted: unknown = scope ?? scp;
  const words: readonly unknown[] =
    typeof granted === 'string' ? granted.split(' ') : Array.isArray(granted) ? granted : [];
  return words.filter(isScope);
}

/** An error that is not known to be the token's is the gateway's or the issuer's; it also refuses the caller. */
function reasonOf(error: unknown): UnauthenticatedReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  if (error instanceof errors.JWTClaimValidationFailed) return 'unknown';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'unknown';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'unknown';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'unknown';
  return 'unavailable';
}
