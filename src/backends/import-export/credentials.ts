/** Which key signs, and which keys the service cannot use. */
import { orAborted } from '../../base/deadline.ts';
import type { AttemptTime } from '../calls/attempt.ts';
import type { AwsCredentials, CredentialsSource } from '../calls/credentials.ts';
import type { Amendment } from '../calls/second-signature.ts';
import { failure } from './errors.ts';

/**
 * The key to sign with. Throws `CREDENTIALS_UNAVAILABLE` if none can be had in time, or only temporary credentials; throws
 * the reason of the caller if it was the caller who ended the wait.
 */
export async function signingKey(
  source: CredentialsSource,
  { refusedKey }: Amendment,
  { caller, early }: AttemptTime,
): Promise<AwsCredentials> {
  // A provider takes no signal, so one that hangs is left behind.
  const asked = refusedKey ? source.insteadOf(refusedKey) : source.current();
  const key = await orAborted(asked, early).catch((cause) => {
    caller.throwIfAborted();
    throw failure({ code: 'CREDENTIALS_UNAVAILABLE', message: 'No AWS credentials could be loaded.', cause });
  });
  if (key.sessionToken) throw temporaryCredentialsFailure();
  return key;
}

/** AWS's own test notes for Import/Export say that temporary credentials did not work with the live service. */
function temporaryCredentialsFailure() {
  return failure({
    code: 'CREDENTIALS_UNAVAILABLE',
    message: 'AWS Import/Export takes no temporary credentials: configure an access key without a session token.',
  });
}
