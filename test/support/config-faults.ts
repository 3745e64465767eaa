import { configFrom } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';

/** The faults of `env` as settings; none if it has none. */
export function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    configFrom(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
