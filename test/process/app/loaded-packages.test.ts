/** Which packages a start loads. Each costs time and memory, so one that only some settings need is loaded only for these. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { ask, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver } from '../../support/lasting-emulator.ts';
import { hasRedis, startRedis } from '../../support/redis.ts';

// Each is a start, an operation and an orderly end.
vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, '..', '..', '..');
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<
  Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>;

/** Most packages are built into the program. */
const named = Object.keys({ ...dependencies, ...devDependencies });

/**
 * The files whose code a gateway with `env` has loaded by its end, after one operation. V8 lists the loaded files with its coverage; the
 * source map of a bundle lists what it was made of.
 */
async function loadedFiles(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = temporaryFolder();
  const gateway = await startChildGateway({ ...env, NODE_V8_COVERAGE: folder });
  await ask(gateway.url, '{ __typename }');
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
  return readdirSync(folder).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: readonly { url: string }[] };
    return result.filter(({ url }) => url.startsWith('file:')).flatMap(({ url }) => sourcesOf(fileURLToPath(url)));
  });
}

function sourcesOf(file: string): readonly string[] {
  if (!existsSync(`${file}.map`)) return [file];
  const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { readonly sources: readonly string[] };
  return sources.map((source) => join(dirname(file), source));
}

/** Of the packages that `package.json` names; what they load in turn is theirs. */
function packagesOf(files: readonly string[]): readonly string[] {
  return named.filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`))).toSorted();
}

const byDefault = [
  '@aws-sdk/client-dataexchange',
  '@aws-sdk/credential-provider-node',
  '@pothos/core',
  '@pothos/plugin-relay',
  '@smithy/hash-node',
  '@smithy/protocol-http',
  '@smithy/signature-v4',
  'classic-level',
  'dataloader',
  'fast-xml-parser',
  'graphql',
  'graphql-ws',
  'graphql-yoga',
  'p-limit',
  'pino',
  'proxy-addr',
  'rate-limiter-flexible',
  'ws',
  'yaml',
  'zod',
];

test('a start without settings loads neither the page of GraphiQL nor what only other settings need', async () => {
  const files = await loadedFiles({});
  expect(packagesOf(files)).toEqual(byDefault);
  expect(files.filter((file) => file.includes('/node_modules/@opentelemetry/'))).toEqual([]);
});

test.each([
  // prom-client loads the interfaces of OpenTelemetry.
  ['metrics', { WAYBILL_METRICS_PORT: '0' }, ['@opentelemetry/api', 'prom-client']],
  [
    'traces',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    named.filter((name) => name.startsWith('@opentelemetry/')),
  ],
  [
    'JSON Web Tokens',
    {
      WAYBILL_AUTH: 'jwt',
      WAYBILL_JWT_ISSUER: 'https://issuer.example',
      WAYBILL_JWT_AUDIENCE: 'waybill',
      WAYBILL_JWKS_URL: 'http://127.0.0.1:9/keys',
    },
    ['jose'],
  ],
])('a start with %s also loads what these need, and nothing else', async (_, env, added) => {
  expect(packagesOf(await loadedFiles(env))).toEqual([...byDefault, ...added].toSorted());
});

// Skipped without redis-server 7: apt-get install redis-server && npx vitest run test/process/app/loaded-packages.test.ts
test.skipIf(!hasRedis)(
  'a start over AWS and a Redis loads undici and ioredis, but neither LevelDB nor the emulator',
  async () => {
    const { url } = await startRedis();
    const files = await loadedFiles({ ...settingsOver('http://127.0.0.1:9'), WAYBILL_REDIS_URL: url });
    const expected = [...byDefault.filter((name) => name !== 'classic-level'), 'ioredis', 'undici'];
    expect(packagesOf(files)).toEqual(expected.toSorted());
    // The examples of GraphiQL name its demo jobs.
    expect(files.filter((file) => /\/src\/emulator\/(?!demo\.ts$)/.test(file))).toEqual([]);
  },
);
