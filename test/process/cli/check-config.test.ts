/** `waybill check-config`: every fault of the settings and of the files that they name, and no secret. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { variables } from '../../../src/config/variables.ts';
import { faultsOf } from '../../support/config-faults.ts';
import { temporaryFolder } from '../../support/gateway.ts';
import { runWaybill } from '../../support/waybill-command.ts';

const check = (env: Readonly<Record<string, string>>) => runWaybill(['check-config'], env);

const notChecked =
  "Not checked: whether the ports are free, whether AWS's default chain has a region and a key, and whether AWS, Redis, the key set and the collector of traces answer.\n";

function fileOf(text: string): string {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

test('settings without a fault are described, and the exit code is 0', async () => {
  const folder = join(temporaryFolder(), 'not', 'there', 'yet');
  const tokens = fileOf('{ "tokens": [] }');
  const documents = fileOf('{ "a": "{ __typename }" }');
  const settings = {
    HOST: '0.0.0.0',
    WAYBILL_AUTH: 'tokens',
    WAYBILL_TOKENS_FILE: tokens,
    WAYBILL_TRUSTED_DOCUMENTS: documents,
    WAYBILL_DATA_DIR: folder,
  };
  expect(await check(settings)).toEqual({
    code: 0,
    stdout: `Checked:
  settings     set: HOST, WAYBILL_AUTH, WAYBILL_DATA_DIR, WAYBILL_TOKENS_FILE, WAYBILL_TRUSTED_DOCUMENTS
  token file   ${tokens} has 0 tokens
  documents    ${documents} can be read, and no others run
  data folder  ${folder} can be written to
So the gateway:
  listens on   0.0.0.0, port 4000
  backend      emulator
  callers      those with a token of ${tokens}
  pages        the board is off, GraphiQL is off
${notChecked}`,
    stderr: '',
  });
  expect(existsSync(folder)).toBe(false);
});

test('every fault is named at once, of the variables, of what contradicts and of the files, and the exit code is 78', async () => {
  const token = `wbt_${'a'.repeat(43)}`;
  const tokens = fileOf(JSON.stringify({ tokens: [{ name: 'board', hash: token, scopes: ['jobs:all'] }] }));
  const documents = fileOf('nonsense');
  const folder = join(fileOf(''), 'data');
  const settings = {
    PORT: '80000',
    WAYBILL_POLL_MIN_MS: '5000',
    WAYBILL_POLL_MAX_MS: '4000',
    WAYBILL_COLOUR: 'red',
    WAYBILL_AUTH: 'tokens',
    WAYBILL_TOKENS_FILE: tokens,
    WAYBILL_TRUSTED_DOCUMENTS: documents,
    WAYBILL_DATA_DIR: folder,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
    AWS_SECRET_ACCESS_KEY: 'planted-key',
  };
  const { code, stdout, stderr } = await check(settings);
  expect(code).toBe(78);
  expect(stdout).toBe(`Checked:
  settings     4 faults
  token file   2 faults
  documents    a fault
  data folder  a fault
  traces       the packages of OpenTelemetry are installed
${notChecked}`);
  expect(stderr.trimEnd().split('\n')).toEqual([
    'waybill: WAYBILL_COLOUR: is not a setting of Waybill',
    'waybill: PORT: expected a port number from 0 to 65535, received "80000"',
    'waybill: OTEL_EXPORTER_OTLP_ENDPOINT: expected an http or https URL without user or password, received "collector"',
    'waybill: WAYBILL_POLL_MIN_MS: expected at most WAYBILL_POLL_MAX_MS, received more',
    `waybill: WAYBILL_TOKENS_FILE: ${tokens}: tokens[0].hash: expected sha256: and 43 characters of base64url, received 47 other characters`,
    expect.stringMatching(
      /^waybill: WAYBILL_TOKENS_FILE: .*: tokens\[0\]\.scopes\[0\]: expected one of .*, received "jobs:all"$/,
    ),
    'waybill: WAYBILL_TRUSTED_DOCUMENTS: Trusted documents: expected JSON.',
    `waybill: WAYBILL_DATA_DIR: expected a folder that can be written to, received ${JSON.stringify(folder)} (ENOTDIR)`,
  ]);
  expect(stdout + stderr).not.toMatch(/wbt_|planted/);
});

/** Every setting with the same value, but for the one that Node itself reads. */
const all = ({ NODE_OPTIONS: _, ...others }: typeof variables, value: string) =>
  Object.fromEntries(Object.keys(others).map((name) => [name, value]));

test('a fault is printed whole, whatever its setting is called and however large its range is', async () => {
  const faults = faultsOf(all(variables, '?'));
  const { stderr } = await check(all(variables, '?'));
  expect(stderr.split('\n')).toEqual(expect.arrayContaining(faults.map((fault) => `waybill: ${fault}`)));
  expect(faults).toContain('WAYBILL_IMPORT_EXPORT_SIGNATURE: expected v4 or v2, received "?"');
  expect(faults).toContain('WAYBILL_MAX_DEPTH: expected a whole number from 1 to 1000000000, received "?"');
  expect(stderr).not.toContain('[secret]');
});

test.each([
  [{}, 4000],
  [{ HOST: '0.0.0.0', PORT: '9464', WAYBILL_METRICS_HOST: '10.0.0.1' }, 9464],
])('the metrics cannot have the port of the gateway: %j', async (settings, port) => {
  const fault = `WAYBILL_METRICS_PORT: expected another port than that of PORT, received "${port}" for both`;
  expect(faultsOf({ ...settings, WAYBILL_METRICS_PORT: String(port) })).toContain(fault);
  const free = { WAYBILL_AUTH: 'jwt', ...settings, HOST: '10.0.0.2', WAYBILL_METRICS_PORT: String(port) };
  expect(faultsOf(free)).not.toContain(fault);
});

test('a secret in the wrong place is not printed', async () => {
  const token = `wbt_${'a'.repeat(43)}`;
  const results = await Promise.all([
    check({ WAYBILL_DATA_DIR: token }),
    check({ WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: token }),
    check({ WAYBILL_TRUSTED_DOCUMENTS: token }),
    check({ WAYBILL_BACKEND: 'aws', WAYBILL_REDIS_URL: 'http://:planted@redis.example' }),
    check({ WAYBILL_BACKEND: 'aws', WAYBILL_REDIS_URL: 'redis://:planted@redis.example' }),
    check(all(variables, token)),
    check(all(variables, `secret=planted-${token}`)),
  ]);
  expect(results.map(({ code }) => code)).toEqual([0, 78, 78, 78, 0, 78, 78]);
  for (const { stdout, stderr } of results) expect(stdout + stderr).not.toMatch(/wbt_|planted/);
});

test('with a Redis no folder is looked at', async () => {
  const { code, stdout } = await check({
    WAYBILL_BACKEND: 'aws',
    WAYBILL_REDIS_URL: 'redis://127.0.0.1:9',
    WAYBILL_DATA_DIR: '/dev/null/data',
  });
  expect([code, stdout.includes('data folder')]).toEqual([0, false]);
});
