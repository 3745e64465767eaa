/** Builds the program as for users, before the first test, so that no test includes the build time. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');

/** Called by Vitest before the tests of a layer that starts gateways as processes. */
export async function setup(): Promise<void> {
  await builtProgram();
}

let built: Promise<string> | undefined;

/** The folder with the program, built from the present sources. */
export function builtProgram(): Promise<string> {
  built ??= build();
  return built;
}

/**
 * Folders are named by a hash of their sources, so processes that build at the same time build the same. They are below
 * `node_modules`, where the program finds its packages.
 */
async function build(): Promise<string> {
  const cache = join(root, 'node_modules', '.cache', 'waybill');
  const folder = join(cache, sourcesHash());
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'building-'));
  const bundler = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  const options = ['--config', join(root, 'rolldown.config.js'), '--dir', unfinished];
  await promisify(execFile)(process.execPath, [bundler, ...options], { cwd: root });
  await writeFile(join(unfinished, 'package.json'), '{ "type": "module" }\n');
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  return folder;
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const file of ['rolldown.config.js', 'package-lock.json', ...sourceFiles()])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

function sourceFiles(): readonly string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('src', file))
    .toSorted();
}
