/** Runs the AWS CLI of this machine without the user's settings. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { credentials, type ForeignEmulator } from './emulator.ts';

const searchPath = process.env['PATH'] ?? '';

/** Debian's CLI, which `.ci/run` installs, takes precedence. */
const program = ['/usr/bin', ...searchPath.split(delimiter)].map((folder) => join(folder, 'aws')).find(existsSync);

/** `describe`, skipped with a reason if there is no CLI. */
export function describeCli(name: string, tests: () => void): void {
  if (program !== undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: no AWS CLI here; install it by: apt-get install awscli)`, tests);
}

/** The CLI's exit codes for service errors: of version 2 and of version 1. */
export const serviceErrorCodes = [254, 255];

export interface CliRun {
  readonly exitCode: number;
  /** Its parsed stdout; undefined if it is empty. */
  readonly output: unknown;
  readonly stderr: string;
}

/** The run of a command that succeeds without output. */
export const emptySuccess: CliRun = { exitCode: 0, output: undefined, stderr: '' };

/** Runs `aws` with `args` against the emulator, with one attempt, or with the default retries if the emulator has variety. */
export function aws({ url, variety }: ForeignEmulator, ...args: readonly string[]): Promise<CliRun> {
  const all = [...args, '--endpoint-url', url, '--output', 'json'];
  return new Promise((resolve) => {
    const env = { ...environment, ...(variety === undefined && { AWS_MAX_ATTEMPTS: '1' }) };
    execFile(program ?? 'aws', all, { env }, (error, stdout, stderr) => {
      resolve({ exitCode: exitCodeOf(error), output: outputFrom(stdout), stderr: stderr.trim() });
    });
  });
}

const environment = {
  PATH: searchPath,
  HOME: tmpdir(),
  // Python derives the encoding of arguments and files from it.
  LANG: 'C.UTF-8',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
};

/** Throws if the CLI did not exit by itself. */
function exitCodeOf(error: (Error & { readonly code?: unknown }) | null): number {
  if (error === null) return 0;
  if (typeof error.code !== 'number') throw error;
  return error.code;
}

/** Version 1 prints instants unchanged, version 2 in its own form; both become Dates here. */
function outputFrom(stdout: string): unknown {
  if (stdout.trim() === '') return undefined;
  return JSON.parse(stdout, (_, value) => (isInstant(value) ? new Date(value) : value));
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
}
