/** The built program outside the repository: beside it are the packages that an installation brings, and no others. */
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtProgram } from './built-program.ts';
import { temporaryFolder } from './gateway.ts';

const root = join(import.meta.dirname, '..', '..');

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

/** The packages that `npm install waybill` brings. */
function required(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, link }]) => path.startsWith('node_modules/') && !dev && !devOptional && !link)
    .map(([path]) => path.replace('node_modules/', ''));
}

/** Resolves to its folder. `others` are installed beside it. */
export async function installedProgram(others: readonly string[] = []): Promise<string> {
  const folder = temporaryFolder();
  const modules = join(folder, 'node_modules');
  const dist = join(modules, 'waybill', 'dist');
  cpSync(await builtProgram(), dist, { recursive: true, filter: (file) => !file.endsWith('.map') });
  for (const name of [...required(), ...others]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return dist;
}
