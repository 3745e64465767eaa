/** Prints to the terminal. Servers write a log as well. */
import { scrubbed } from '../base/scrub.ts';

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printError(line: string): void {
  process.stderr.write(`waybill: ${scrubbed(line)}\n`);
}
