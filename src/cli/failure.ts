/** Ends a command that failed. */
import { scrubbed } from '../base/scrub.ts';
import { ConfigError } from '../config/config-error.ts';
import { failureExit, settingsExit, usageExit } from './exit-codes.ts';
import { printError } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Prints what is wrong, with every fault of the settings, and exits with the code for it. */
export function fail(error: unknown): never {
  if (error instanceof ConfigError) for (const fault of error.faults) printError(fault);
  else printError(scrubbed(error instanceof Error ? error.message : 'unexpected'));
  if (isUsage(error)) printError('`waybill --help` lists the commands, and `waybill <command> --help` what one takes.');
  process.exit(exitCodeOf(error));
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return settingsExit;
  return isUsage(error) ? usageExit : failureExit;
}

/** `parseArgs` of Node marks its errors by their code only. */
function isUsage(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
