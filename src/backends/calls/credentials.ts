/** Whose key signs: the provider is asked for every call, yet never twice at the same moment. */
import type { Clock } from '../../base/clock.ts';
import { within } from '../../base/deadline.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** As AWS's providers are: those that keep what they gave look again if they are asked with `forceRefresh`. */
export type CredentialsProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<AwsCredentials>;

/** Both reject with what the provider throws, or where it gives half a key. */
export interface CredentialsSource {
  /** The credentials of this moment. Nothing is kept beyond what the provider keeps. */
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
      // Of many calls that were refused together, the first refreshes; whoever comes later finds the new key here.
      const known = await current();
      const other = isSame(known, refused) ? await refreshed() : known;
      if (isSame(other, refused)) throw new Error('expected newer credentials, received those that were refused');
      return other;
    },
  };
}

/** Whoever wants to know whether the gateway is ready does not wait longer for a provider, which may ask over the network. */
const lookMs = 1_000;

/** Tells whether there has been a key to sign with. Until there has, the provider is asked whenever somebody wants to know. */
export function createKeyCheck(provider: CredentialsProvider, clock: Clock): () => Promise<boolean> {
  const key = oneAtATime(async () => wholeKey(await provider()), clock);
  let isFound = false;
  const look = async (): Promise<boolean> => {
    try {
      await key();
      isFound = true;
    } catch {
      // It is told to whoever makes a call, with the reason.
    }
    return isFound;
  };
  return async () => isFound || within(lookMs, look(), false, clock);
}

/** An answer that is longer in coming is not waited for by those who ask anew: the one who gives it may hang. */
const patienceMs = 3_000;

/** Gives those who ask while an answer is under way that same answer. */
function oneAtATime<T>(ask: () => Promise<T>, clock: Clock): () => Promise<T> {
  let underWay: { readonly answer: Promise<T>; readonly askedAt: number } | undefined;
  return () => {
    const now = clock.now();
    if (underWay && now - underWay.askedAt < patienceMs) return underWay.answer;
    const asking = { answer: ask(), askedAt: now };
    underWay = asking;
    const forget = (): void => {
      if (underWay === asking) underWay = undefined;
    };
    asking.answer.then(forget, forget);
    return asking.answer;
  };
}

/** A file that is being written may be read as a key without its secret. */
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
