/** The AWS CLI that this machine has, run as a person would run it, but with none of that person's settings. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { credentials, type ForeignEmulator } from './emulator.ts';

const searchPath = process.env['PATH'] ?? '';

/** Debian's, which `.ci/run` installs, before any other. */
const program = ['/usr/bin', ...searchPath.split(delimiter)].map((folder) => join(folder, 'aws')).find(existsSync);

/** `describe`, which says why nothing runs where there is no CLI. */
export function describeCli(name: string, tests: () => void): void {
  if (program !== undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: no AWS CLI here; install it by: apt-get install awscli)`, tests);
}

/** The CLI's exit code for an error of the service: in version 2, and in version 1. */
export const serviceErrorCodes = [254, 255];

export interface CliRun {
  readonly exitCode: number;
  /** What it printed, parsed; undefined if it printed nothing. */
  readonly output: unknown;
  readonly complaint: string;
}

/** The run of a command that succeeds and has nothing to say. */
export const silentSuccess: CliRun = { exitCode: 0, output: undefined, complaint: '' };

/** Runs `aws` with `args` against the emulator; it tries once, or as often as by default where the emulator varies. */
export function aws({ url, variety }: ForeignEmulator, ...args: readonly string[]): Promise<CliRun> {
  const all = [...args, '--endpoint-url', url, '--output', 'json'];
  return new Promise((resolve) => {
    const env = { ...environment, ...(variety === undefined && { AWS_MAX_ATTEMPTS: '1' }) };
    execFile(program ?? 'aws', all, { env }, (error, stdout, stderr) => {
      resolve({ exitCode: exitCodeOf(error), output: outputFrom(stdout), complaint: stderr.trim() });
    });
  });
}

const environment = {
  PATH: searchPath,
  HOME: tmpdir(),
  // Python takes the encoding of arguments and files from here.
  LANG: 'C.UTF-8',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
};

/** Throws if the CLI did not run to its end. */
function exitCodeOf(error: (Error & { readonly code?: unknown }) | null): number {
  if (error === null) return 0;
  if (typeof error.code !== 'number') throw error;
  return error.code;
}

/** Version 1 prints instants as they came, version 2 in a form of its own: here both become Dates. */
function outputFrom(stdout: string): unknown {
  if (stdout.trim() === '') return undefined;
  return JSON.parse(stdout, (_, value) => (isInstant(value) ? new Date(value) : value));
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
}
