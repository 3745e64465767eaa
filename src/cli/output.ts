/** Prints to the terminal. Servers write a log as well. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** `line` must contain no secret. */
export function printError(line: string): void {
  process.stderr.write(`waybill: ${line}\n`);
}
