/** Where the program says that the board is, and what is packed of it. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtProgramWithBoard } from '../../support/built-program.ts';
import { startChildGateway } from '../../support/child-gateway.ts';
import { oneToken, temporaryFolder } from '../../support/token-file.ts';

const root = join(import.meta.dirname, '..', '..', '..');

function boardLineOf(greeting: string): string | undefined {
  return /^ {2}board +(.*)$/m.exec(greeting)?.[1];
}

async function firstStatus(url: string): Promise<number> {
  const response = await fetch(new URL('/', url), { redirect: 'manual' });
  await response.text();
  return response.status;
}

test('the greeting has the address of the board', { timeout: 60_000 }, async () => {
  const { url, stdout } = await startChildGateway({}, { withBoard: true });
  expect([boardLineOf(stdout()), await firstStatus(url)]).toEqual([new URL('/', url).href, 200]);
});

test('a program without a built board says so, and leaves / to GraphiQL', async () => {
  const { url, stdout } = await startChildGateway({ WAYBILL_BOARD: 'on' });
  expect([boardLineOf(stdout()), await firstStatus(url)]).toEqual([
    'not served, as it is not built (npm run build)',
    302,
  ]);
});

test('beyond loopback the board is served only if a setting says so', { timeout: 60_000 }, async () => {
  const { env } = await oneToken();
  const settings = { ...env, HOST: '0.0.0.0' };
  const [silent, told] = await Promise.all([
    startChildGateway(settings, { withBoard: true }),
    startChildGateway({ ...settings, WAYBILL_BOARD: 'on' }, { withBoard: true }),
  ]);
  const addressOf = (url: string): string => url.replace('0.0.0.0', '127.0.0.1');
  expect([boardLineOf(silent.stdout()), await firstStatus(addressOf(silent.url))]).toEqual([undefined, 302]);
  expect([boardLineOf(told.stdout()), await firstStatus(addressOf(told.url))]).toEqual([
    new URL('/', told.url).href,
    200,
  ]);
});

test('the package has the board', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  const program = await builtProgramWithBoard();
  // Only the names count, and npm compresses even what it does not write.
  for (const name of readdirSync(program, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(program, name)).isFile()) {
      mkdirSync(dirname(join(folder, 'dist', name)), { recursive: true });
      writeFileSync(join(folder, 'dist', name), '');
    }
  const options = ['pack', '--dry-run', '--ignore-scripts', '--json'];
  const { stdout } = await promisify(execFile)('npm', options, { cwd: folder });
  const [packed] = JSON.parse(stdout) as readonly { readonly files: readonly { readonly path: string }[] }[];
  const paths = packed?.files.map(({ path }) => path) ?? [];
  expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'dist/board/index.html']));
  expect(paths.filter((path) => path.startsWith('dist/board/assets/')).length).toBeGreaterThanOrEqual(4);
});
