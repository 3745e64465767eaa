/** Builds the program as for users, before the first test, so that no test includes the build time. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');

/** Called by Vitest before the tests of a layer that starts gateways as processes. */
export async function setup(): Promise<void> {
  await builtProgram();
}

let built: Promise<string> | undefined;
let builtWithBoard: Promise<string> | undefined;

/** The folder with the program, built from the present sources. */
export function builtProgram(): Promise<string> {
  built ??= build();
  return built;
}

/** As `builtProgram`, with the board beside the program in `board`. It takes the time of another build, so few tests ask for it. */
export function builtProgramWithBoard(): Promise<string> {
  builtWithBoard ??= buildWithBoard();
  return builtWithBoard;
}

const programSources = ['rolldown.config.js', 'package-lock.json', ...sourceFiles('src')];
const boardSources = [...sourceFiles('board'), ...sourceFiles('client/src'), 'schema.graphql'];

function build(): Promise<string> {
  return builtOnce(hashOf(programSources), async (folder) => {
    const bundler = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
    const options = ['--config', join(root, 'rolldown.config.js'), '--dir', folder];
    await promisify(execFile)(process.execPath, [bundler, ...options], { cwd: root });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  });
}

async function buildWithBoard(): Promise<string> {
  const program = await builtProgram();
  return builtOnce(`${hashOf(programSources)}-${hashOf(boardSources)}`, async (folder) => {
    await cp(program, folder, { recursive: true });
    const bundler = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const options = ['--config', 'board/vite.config.ts', '--logLevel', 'warn', '--outDir', join(folder, 'board')];
    await promisify(execFile)(process.execPath, [bundler, 'build', ...options], { cwd: root, env: environment() });
  });
}

/** Without what Vitest sets: Vite builds for production only where nobody says otherwise. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_ENV, VITEST, ...others } = process.env;
  return others;
}

/**
 * Folders are named by a hash of their sources, so processes that build at the same time build the same. They are below
 * `node_modules`, where the program finds its packages.
 */
async function builtOnce(name: string, buildInto: (folder: string) => Promise<void>): Promise<string> {
  const cache = join(root, 'node_modules', '.cache', 'waybill');
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'building-'));
  await buildInto(unfinished);
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  return folder;
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

function sourceFiles(folder: string): readonly string[] {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .toSorted();
}
