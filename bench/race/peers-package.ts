/** Installs and compiles the package of the peers where needed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

export const peersFolder = join(root, 'bench', 'race', 'peers');

/** Holds the hash of the lock file that was last installed. `npm ci` deletes it with the rest of node_modules. */
const installedFile = join(peersFolder, 'node_modules', '.installed-lock');

/**
 * Takes minutes the first time: about a thousand packages, most of them Hive Gateway's. Throws if the registry is
 * unreachable.
 */
export function preparePeers(say: (text: string) => void): void {
  const lock = createHash('sha256')
    .update(readFileSync(join(peersFolder, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(installedFile) || readFileSync(installedFile, 'utf8') !== lock) {
    say('installing the peers');
    // Some packages of graphql-tools declare Node 22 and run on 20.
    run('npm', ['ci', '--prefix', peersFolder, '--no-audit', '--no-fund', '--loglevel=error']);
    writeFileSync(installedFile, lock);
  }
  run(join(root, 'node_modules', '.bin', 'tsc'), ['--project', peersFolder]);
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
