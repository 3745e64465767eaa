/** Folders in which the tools run as in the project of a front-end team. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const packages = join(root, 'test', 'clients', 'node_modules');

/** The result of a tool that ended. */
export interface ToolResult {
  readonly code: number;
  /** All that it wrote, to stdout and to stderr. */
  readonly output: string;
}

export interface Workspace {
  readonly folder: string;
  readonly write: (path: string, content: string | object) => void;
  readonly read: (path: string) => string;
  /** Runs the script `bin` of an installed package with Node. */
  readonly run: (bin: string, ...args: readonly string[]) => Promise<ToolResult>;
}

/**
 * A folder with the schema, the ready operations in `operations/`, and the packages of these tests. It is removed with
 * the test.
 */
export function makeWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(packages, join(folder, 'node_modules'));
  cpSync(join(root, 'schema.graphql'), join(folder, 'schema.graphql'));
  cpSync(join(root, 'docs', 'operations'), join(folder, 'operations'), { recursive: true });
  const write = (path: string, content: string | object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('package.json', { type: 'module' });
  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    run: (bin, ...args) => resultOf(process.execPath, [join(packages, bin), ...args], folder),
  };
}

/**
 * Runs a program without the variables of the developer, except for those that every program needs. It writes to a file: some
 * tools exit before a pipe has taken all of their output.
 */
export function resultOf(program: string, args: readonly string[], folder: string): Promise<ToolResult> {
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: folder, CI: 'true', NO_COLOR: '1', APOLLO_TELEMETRY_DISABLED: 'true' };
  const path = join(folder, `output-of-${basename(program)}-${randomUUID()}.log`);
  const file = openSync(path, 'w');
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', file, file] });
  closeSync(file);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: readFileSync(path, 'utf8') }));
  });
}

/** Options of a strict project. */
export const strictTypeScript = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  types: [],
};
