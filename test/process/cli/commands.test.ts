/** What can be typed, and what is answered to what cannot. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runWaybill } from '../../support/waybill-command.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

test.each(['--version', '-v'])('%s prints the version of the package', async (flag) => {
  expect(await runWaybill([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each(['--help', '-h'])('%s names every command', async (flag) => {
  const { code, stdout, stderr } = await runWaybill([flag]);
  expect([code, stderr]).toEqual([0, '']);
  const named = [...stdout.matchAll(/^ {2}waybill \[?([\w-]+)/gm)].map(([, name]) => name);
  expect(named).toEqual(['serve', 'emulator', 'check-config', 'schema', 'token']);
});

test.each([
  ['serve', []],
  ['emulator', []],
  ['check-config', []],
  ['schema', ['--federation']],
  ['token', ['add', '--name', 'board']],
] as const)('%s --help says what it takes, and does nothing else', async (command, others) => {
  const { code, stdout, stderr } = await runWaybill([command, ...others, '--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(command === 'serve' ? /^waybill \[serve\]\n/ : new RegExp(`^waybill ${command}\\b`));
});

test.each([
  [['serf'], 'expected one of serve, emulator, check-config, schema, token, received "serf"'],
  [['--port', '80'], 'expected one of serve, emulator, check-config, schema, token, received "--port"'],
  [['serve', '--port', '80'], 'serve: expected no arguments, received "--port". Settings are environment variables.'],
  [['emulator', 'now'], 'emulator: expected no arguments, received "now".'],
  [['check-config', 'x'], 'check-config: expected no arguments, received "x".'],
  [['schema', '--sdl'], "Unknown option '--sdl'"],
])('%j exits with 64 and says what was expected and how to get help', async (argv, fault) => {
  const help = '`waybill --help` lists the commands, and `waybill <command> --help` what one takes.';
  expect(await runWaybill(argv)).toEqual({ code: 64, stdout: '', stderr: `waybill: ${fault}\nwaybill: ${help}\n` });
});

test('a fault of the settings ends a start with 78, and another failure with 1', async () => {
  expect(await runWaybill(['serve'], { WAYBILL_PORT: '80', PORT: 'x' })).toEqual({
    code: 78,
    stdout: '',
    stderr:
      'waybill: WAYBILL_PORT: is not a setting of Waybill; PORT is\n' +
      'waybill: PORT: expected a port number from 0 to 65535, received "x"\n',
  });
  expect(await runWaybill(['token', 'list'])).toMatchObject({ code: 78 });
  expect(await runWaybill(['serve'], { WAYBILL_DATA_DIR: '/dev/null/data' })).toMatchObject({ code: 1 });
});
