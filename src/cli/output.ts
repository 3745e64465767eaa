/** What a command says to whoever typed it. What serves writes a log. */
import { scrubbed } from '../log/scrub.ts';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function complain(line: string): void {
  process.stderr.write(`waybill: ${scrubbed(line)}\n`);
}
