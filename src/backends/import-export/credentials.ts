/** Whose key signs: asks the provider, and refuses what the service cannot use. */
import { orAborted } from '../../deadline.ts';
import { failure } from './errors.ts';
import type { SigningKey } from './signature.ts';

export interface ImportExportCredentials extends SigningKey {
  readonly sessionToken?: string;
}

export type CredentialsProvider = () => Promise<ImportExportCredentials>;

/**
 * The key to sign with. Throws `CREDENTIALS_UNAVAILABLE` if the provider fails, has not answered when `signal` fires, or has
 * temporary credentials; throws the reason of `caller` if it was that which fired.
 */
export async function signingKey(
  provider: CredentialsProvider,
  caller: AbortSignal,
  signal: AbortSignal,
): Promise<SigningKey> {
  // A provider takes no signal, so one that hangs is left behind; one that throws at once must reject like the others.
  const asked = Promise.resolve().then(provider);
  const { sessionToken, ...key } = await orAborted(asked, signal).catch((cause) => {
    caller.throwIfAborted();
    throw failure({ code: 'CREDENTIALS_UNAVAILABLE', message: 'No AWS credentials could be loaded.', cause });
  });
  if (sessionToken) throw temporaryCredentialsFailure();
  return key;
}

/** AWS's own test notes for Import/Export say that temporary credentials did not work with the live service. */
function temporaryCredentialsFailure() {
  return failure({
    code: 'CREDENTIALS_UNAVAILABLE',
    message: 'AWS Import/Export takes no temporary credentials: configure an access key without a session token.',
  });
}
