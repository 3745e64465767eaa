/** Ends a command that failed. */
import { ConfigError } from '../config/config-error.ts';
import { printError } from './output.ts';

/** Prints what is wrong, with every fault of the settings, and exits with 1. */
export function fail(error: unknown): never {
  if (error instanceof ConfigError) for (const fault of error.faults) printError(fault);
  else printError(error instanceof Error ? error.message : 'unexpected');
  process.exit(1);
}
