/** The project of a reader of `docs/clients/`: the code of these pages, and packages. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
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

/** From its sources, so that no build is needed before. */
async function installWaybillClient(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(join(repository, 'client', 'src'), join(folder, 'src'), { recursive: true });
  await cp(join(repository, 'schema.graphql'), join(folder, 'schema.graphql'));
  const exports = { '.': './src/index.ts', './*': './src/*.ts' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'waybill-client', type: 'module', exports }));
}

/** As Relay's users do before each build, of the documents in all of `src`. */
export function compileRelay({ run }: Project): Promise<void> {
  return run('relay-compiler/cli.js', ['--noWatchman']);
}
