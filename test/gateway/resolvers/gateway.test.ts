/** The query `gateway`: what a page says of whose jobs it shows, and to whom. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { scopes as everyScope } from '../../../src/identity/caller.ts';
import { type Answer, startGateway } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';
import { settingsOver } from '../../support/lasting-emulator.ts';

const query = '{ gateway { backend region version scopes } }';
const manifest = readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8');
const { version } = JSON.parse(manifest) as { readonly version: string };

test('without settings it is the emulator, and everybody may do everything', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  expect(await ask(query)).toEqual({
    data: { gateway: { backend: 'EMULATOR', region: 'us-east-1', version, scopes: everyScope } },
  });
  expect(await emulator.requests()).toEqual({});
});

async function regionOverAws(region: string | undefined): Promise<Answer> {
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_DEFAULT_REGION', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
  const { ask } = await startGateway(settingsOver('http://127.0.0.1:9'), {
    awsCredentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  });
  const answer = await ask('{ gateway { backend region } }');
  vi.unstubAllEnvs();
  return answer;
}

test('over AWS it names the region of Data Exchange', async () => {
  expect(await regionOverAws('eu-central-1')).toEqual({
    data: { gateway: { backend: 'AWS', region: 'eu-central-1' } },
  });
});

test('over AWS without a region it says so, and fails in nothing else', async () => {
  expect(await regionOverAws(undefined)).toEqual({ data: { gateway: { backend: 'AWS', region: null } } });
});

test('it names the scopes of the token that asks, by which a page offers nothing that would be refused', async () => {
  const gateway = await startGuarded({
    reader: ['jobs:read'],
    cataloger: ['catalog:read', 'catalog:write'],
    operator: ['jobs:write', 'jobs:secrets', 'jobs:read'],
    tool: ['schema:read'],
  });
  const scopes = '{ gateway { scopes } }';
  const scopesOf = async (name: string) => (await gateway.askAs(name, scopes)).data?.['gateway'];
  expect([await scopesOf('reader'), await scopesOf('cataloger'), await scopesOf('operator')]).toEqual([
    { scopes: ['jobs:read'] },
    { scopes: ['catalog:read', 'catalog:write'] },
    { scopes: ['jobs:read', 'jobs:write', 'jobs:secrets'] },
  ]);
  expect((await gateway.askAs('tool', scopes)).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect((await gateway.askAs(undefined, scopes)).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a right that is taken away is gone from the scopes', async () => {
  const gateway = await startGuarded({ somebody: ['jobs:read', 'jobs:write'] });
  const scopes = async () => (await gateway.askAs('somebody', '{ gateway { scopes } }')).data?.['gateway'];
  expect(await scopes()).toEqual({ scopes: ['jobs:read', 'jobs:write'] });
  await gateway.change('somebody', { scopes: ['jobs:read'] });
  await expect.poll(scopes).toEqual({ scopes: ['jobs:read'] });
});
