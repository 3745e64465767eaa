/** Provides the key that signs. Every call requests it from the provider; concurrent calls share one request. */
import type { Clock } from '../../base/clock.ts';
import { within } from '../../base/deadline.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The type of AWS's providers. Those with a cache bypass it for `forceRefresh`. */
export type CredentialsProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<AwsCredentials>;

/** Both reject as the provider does, and if its key has no id or no secret. */
export interface CredentialsSource {
  /** The current credentials. Only the provider caches them. */
  current(): Promise<AwsCredentials>;
  /** Credentials in place of `refused`, which the service no longer takes; rejects if the provider has no others. */
  insteadOf(refused: AwsCredentials): Promise<AwsCredentials>;
}

export function createCredentialsSource(provider: CredentialsProvider, clock: Clock): CredentialsSource {
  const current = oneAtATime(async () => wholeKey(await provider()), clock);
  const refreshed = oneAtATime(async () => wholeKey(await provider({ forceRefresh: true })), clock);
  return {
    current,
    insteadOf: async (refused) => {
      // Of many calls that were refused together, the first refreshes; later ones find the new key here.
      const known = await current();
      const other = isSame(known, refused) ? await refreshed() : known;
      if (isSame(other, refused)) throw new Error('expected newer credentials, received those that were refused');
      return other;
    },
  };
}

/** Max wait of a readiness check for the provider, which may use the network. */
const keyCheckMs = 1_000;

/** Checks whether the provider has returned a key yet. Until then each check calls the provider. */
export function createKeyCheck(provider: CredentialsProvider, clock: Clock): () => Promise<boolean> {
  const key = oneAtATime(async () => wholeKey(await provider()), clock);
  let isFound = false;
  const look = async (): Promise<boolean> => {
    try {
      await key();
      isFound = true;
    } catch {
      // A call reports the reason.
    }
    return isFound;
  };
  return async () => isFound || within(keyCheckMs, look(), false, clock);
}

/** After this time the next caller calls the provider again, as the pending request may hang. */
const maxPendingMs = 3_000;

/** Concurrent callers share one pending answer. */
function oneAtATime<T>(provide: () => Promise<T>, clock: Clock): () => Promise<T> {
  let pending: { readonly answer: Promise<T>; readonly requestedAt: number } | undefined;
  return () => {
    const now = clock.now();
    if (pending && now - pending.requestedAt < maxPendingMs) return pending.answer;
    const request = { answer: provide(), requestedAt: now };
    pending = request;
    const forget = (): void => {
      if (pending === request) pending = undefined;
    };
    request.answer.then(forget, forget);
    return request.answer;
  };
}

/** Throws for half a key: a credentials file may be read while it is being written. */
function wholeKey(credentials: AwsCredentials): AwsCredentials {
  if (!credentials.accessKeyId || !credentials.secretAccessKey)
    throw new Error('expected an access key and its secret');
  return credentials;
}

function isSame(a: AwsCredentials, b: AwsCredentials): boolean {
  return (
    a.accessKeyId === b.accessKeyId && a.secretAccessKey === b.secretAccessKey && a.sessionToken === b.sessionToken
  );
}
