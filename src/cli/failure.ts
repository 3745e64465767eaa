/** How a command that cannot go on ends. */
import { ConfigError } from '../config/config.ts';
import { complain } from './output.ts';

/** Says what is wrong, every fault of the settings at once, and exits with 1. */
export function fail(error: unknown): never {
  if (error instanceof ConfigError) for (const fault of error.faults) complain(fault);
  else complain(error instanceof Error ? error.message : 'unexpected');
  process.exit(1);
}
