/** Runs one command of the built program to its end, as it is typed. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { builtProgram } from './built-program.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of this process's environment the command receives only `PATH`. `folder` has the program; that of the repository unless given. */
export async function runWaybill(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<CommandResult> {
  const program = join(folder ?? (await builtProgram()), 'main.js');
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...argv], { env: { PATH, ...env } }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
