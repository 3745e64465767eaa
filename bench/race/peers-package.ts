/** The package of the peers: installed and compiled where that is still to do. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

export const peersFolder = join(root, 'bench', 'race', 'peers');

/** Takes minutes the first time: about a thousand packages, most of them Hive Gateway's. Throws where the registry is out of reach. */
export function preparePeers(say: (text: string) => void): void {
  if (!isInstalled()) {
    say('installing the peers');
    // Some packages of graphql-tools ask for Node 22 and run on 20.
    run('npm', ['ci', '--prefix', peersFolder, '--no-audit', '--no-fund', '--loglevel=error']);
  }
  run(join(root, 'node_modules', '.bin', 'tsc'), ['--project', peersFolder]);
}

/** npm writes its own record of what it installed last. */
function isInstalled(): boolean {
  const record = join(peersFolder, 'node_modules', '.package-lock.json');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(join(peersFolder, 'package-lock.json')).mtimeMs;
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
