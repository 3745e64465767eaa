/** The project of a reader of `docs/clients/`: the code of these pages, and packages. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const recipes = join(import.meta.dirname, '..');
const packages = join(recipes, '..', 'node_modules');
const repository = join(recipes, '..', '..', '..');

export interface Project {
  readonly folder: string;
  /** Runs the script of an installed package with Node, and rejects with its output if it fails. */
  readonly run: (script: string, args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<void>;
}

/** A project whose page is that of the folder `name` of `src`. It is removed with the test. */
export async function makeProject(name: string): Promise<Project> {
  const parent = await mkdtemp(join(tmpdir(), 'waybill-recipe-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'project');
  await symlink(packages, join(parent, 'node_modules'));
  for (const path of ['src', 'vite.config.ts', 'relay.config.json'])
    await cp(join(recipes, path), join(folder, path), { recursive: true });
  await installWaybillClient(join(folder, 'node_modules', 'waybill-client'));
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><title>Jobs</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="${join('/src', name, 'main.tsx')}"></script>`,
  );
  return {
    folder,
    run: async (script, args, env = {}) => {
      await promisify(execFile)(process.execPath, [join(packages, script), ...args], {
        cwd: folder,
        env: { ...process.env, ...env },
      }).catch(({ stdout, stderr }) => {
        throw new Error(`${script} has failed:\n${stdout}\n${stderr}`);
      });
    },
  };
}

/** As `npm install` does with the package that its users get. */
async function installWaybillClient(folder: string): Promise<void> {
  packed ??= packWaybillClient();
  await mkdir(folder, { recursive: true });
  await promisify(execFile)('tar', ['-xzf', await packed, '-C', folder, '--strip-components', '1']);
}

let packed: Promise<string> | undefined;

/** Builds it as well, into a folder that the next installation of the packages empties. */
async function packWaybillClient(): Promise<string> {
  const cache = join(packages, '.cache');
  await mkdir(cache, { recursive: true });
  const destination = await mkdtemp(join(cache, 'waybill-client-'));
  const args = ['pack', '--workspace', 'client', '--pack-destination', destination, '--loglevel', 'error'];
  await promisify(execFile)('npm', args, { cwd: repository });
  const [name = ''] = await readdir(destination);
  return join(destination, name);
}

/** As Relay's users do before each build, of the documents in all of `src`. */
export function compileRelay({ run }: Project): Promise<void> {
  return run('relay-compiler/cli.js', ['--noWatchman']);
}
