/** The access key of the environment, read once: afterwards no dump of the environment and no child process has it. */

/** In the form of AWS's own credentials. */
export interface EnvironmentKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Takes the key out of `env`. A process's environment does not change from outside, so nothing is lost by reading it once.
 *
 * Undefined where the key is not whole, and where a profile is named: the AWS chain then looks there first, and the profile
 * may say that the key is in the environment (`credential_source`). Tokens of containers and paths of files stay for the same
 * chain, which reads them again whenever a key has expired.
 */
export function takeEnvironmentKey(env: Record<string, string | undefined>): EnvironmentKey | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_PROFILE: profile,
  } = env;
  if (!accessKeyId || !secretAccessKey || profile) return undefined;
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) delete env[name];
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
