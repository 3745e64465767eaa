/** Finds the packages whose code is in `dist`, by what the build says itself: source maps, and the modules of the board. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'vite';

export const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** @returns the folder of the package that a file belongs to, such as `node_modules/zod`; undefined for our own */
function packageOf(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(relative(root, file))?.[0];
}

function filesOfProgram() {
  const maps = readdirSync(dist).filter((name) => name.endsWith('.js.map'));
  return maps.flatMap((map) => {
    const { sources } = JSON.parse(readFileSync(join(dist, map), 'utf8'));
    return sources.map((source) => join(dirname(join(dist, map)), source));
  });
}

/** The board's files have no source maps, so it is built once more in memory. */
async function filesOfBoard() {
  const configFile = join(root, 'board', 'vite.config.ts');
  const { output } = await build({ configFile, logLevel: 'error', build: { write: false } });
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

/** @returns the packages that are built into the program, as paths of `package-lock.json`, sorted */
export async function packedPackages() {
  const files = [...filesOfProgram(), ...(await filesOfBoard())];
  const packages = new Set(files.map(packageOf).filter((path) => path !== undefined));
  return [...packages].toSorted();
}

/** @returns the packages of the lockfile by path */
export function lockedPackages() {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
}

/** @returns the packages that npm installs beside the program, as paths of `package-lock.json`, sorted */
export function installedPackages() {
  const isInstalled = ([path, { dev, devOptional, link }]) =>
    path.startsWith('node_modules/') && !dev && !devOptional && !link;
  return Object.entries(lockedPackages())
    .filter(isInstalled)
    .map(([path]) => path)
    .toSorted();
}

/** @returns the name of a package at a path of the lockfile */
export function nameAt(path) {
  return path.replace(/^.*node_modules\//, '');
}
