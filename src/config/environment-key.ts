/** Takes the access key out of the environment, so that no dump of the environment and no child process contains it. */

/** In the form of AWS's credentials. */
export interface EnvironmentKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Removes the key from `env`. The environment of a process does not change from outside, so one read is enough.
 *
 * Undefined if the key is incomplete, or if a profile is named: the AWS chain then reads that first, and the profile
 * may refer to the key in the environment (`credential_source`). Tokens of containers and paths of files stay in `env`,
 * since the chain reads them again when a key expires.
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
