/** Starts of the gateway while something that it depends on is down or invalid. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { type Answer, ask, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver } from '../../support/lasting-emulator.ts';

/** No program listens there (RFC 863's port, which this machine does not serve). */
const unusedUrl = 'http://127.0.0.1:9';

async function readinessOf(url: string): Promise<number> {
  const response = await fetch(new URL('/readyz', url));
  await response.text();
  return response.status;
}

const noFolder = /exit 1: waybill: WAYBILL_DATA_DIR: [^\n]*\n$/;

const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions?.['code']);

test('with both services down it starts, is ready, and reports both as unavailable', async () => {
  const { url, stderr, stop } = await startChildGateway(settingsOver(unusedUrl));
  expect(await readinessOf(url)).toBe(200);
  const answer = await ask(url, '{ jobs(first: 1) { nodes { id } unavailableServices { service code } } }');
  const code = 'UPSTREAM_UNAVAILABLE';
  const unavailableServices = ['IMPORT_EXPORT', 'DATA_EXCHANGE'].map((service) => ({ service, code }));
  expect(answer).toEqual({ data: { jobs: { nodes: [], unavailableServices } } });
  expect(await readinessOf(url)).toBe(200);
  expect(await stop()).toEqual({ code: 0, signal: null });
  expect(stderr()).not.toMatch(/"level":"error"/);
});

test.each([
  ['on', true],
  ['off', false],
])('with GraphiQL %s the greeting names it only if a browser gets it', async (setting, named) => {
  const { stdout } = await startChildGateway({ WAYBILL_GRAPHIQL: setting });
  expect(stdout().includes('GraphiQL')).toBe(named);
});

test('with its key set down it starts, is ready, refuses every token, and logs the reason', async () => {
  const { url, stderr } = await startChildGateway({
    WAYBILL_AUTH: 'jwt',
    WAYBILL_JWT_ISSUER: 'https://issuer.example',
    WAYBILL_JWT_AUDIENCE: 'waybill',
    WAYBILL_JWKS_URL: `${unusedUrl}/keys`,
  });
  expect(await readinessOf(url)).toBe(200);
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  const token = `${part({ alg: 'RS256', kid: 'a' })}.${part({ iss: 'https://issuer.example', aud: 'waybill' })}.c2ln`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(codesOf((await response.json()) as Answer)).toEqual(['UNAUTHENTICATED']);
  expect(await readinessOf(url)).toBe(200);
  expect(stderr()).toMatch(
    /^\{"level":"error",[^\n]*"msg":"http:\/\/127\.0\.0\.1:9[^\n]* the keys could not be fetched: /m,
  );
});

test('without credentials it starts, answers what needs none, and is ready once there are some', async () => {
  const file = join(temporaryFolder(), 'credentials');
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, ...settings } = settingsOver(unusedUrl);
  const { url } = await startChildGateway({
    ...settings,
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_CONFIG_FILE: file,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  expect(await readinessOf(url)).toBe(503);
  expect(await ask(url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(await readinessOf(url)).toBe(503);
  writeFileSync(file, `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
  expect(await readinessOf(url)).toBe(200);
});

test('with its collector of traces down it starts, serves and stops, and logs only info records', async () => {
  const { url, stderr, stop } = await startChildGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: unusedUrl });
  expect(await readinessOf(url)).toBe(200);
  expect(await ask(url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(await stop()).toEqual({ code: 0, signal: null });
  for (const line of stderr().trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: 'info' });
});

test.each([
  ['that is missing', () => {}],
  ['that is a folder', (path: string) => mkdirSync(path)],
  ['that is invalid', (path: string) => writeFileSync(path, 'nonsense', { mode: 0o600 })],
])('a token file %s is reported in one line, and the exit code is 1', async (_, make) => {
  const path = join(temporaryFolder(), 'tokens.json');
  make(path);
  const start = startChildGateway({ WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: path });
  await expect(start).rejects.toThrow(new RegExp(`exit 1: waybill: [^\\n]*${path}[^\\n]*\\n$`));
});

test.each([
  ['that is a file', ''],
  ['within a file', '/data'],
])('a data folder %s is reported in one line, and the exit code is 1', async (_, below) => {
  const path = join(temporaryFolder(), 'place');
  writeFileSync(path, '');
  const start = startChildGateway({ WAYBILL_DATA_DIR: `${path}${below}` });
  await expect(start).rejects.toThrow(noFolder);
});

test('a data folder without write permission is reported in one line, and the exit code is 1', async () => {
  const path = temporaryFolder();
  chmodSync(path, 0o555);
  // Root may write anywhere.
  const shell = process.getuid?.() === 0 ? 'exec setpriv --bounding-set=-dac_override "$@"' : ':';
  const start = startChildGateway({ WAYBILL_DATA_DIR: path }, { shell });
  await expect(start).rejects.toThrow(noFolder);
});

test.each(['/proc/waybill', '/proc/waybill/data'])(
  'a data folder that cannot be created, such as %s, is reported in one line, and the exit code is 1',
  async (path) => {
    await expect(startChildGateway({ WAYBILL_DATA_DIR: path })).rejects.toThrow(noFolder);
  },
);
