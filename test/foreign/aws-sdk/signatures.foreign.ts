import { describe, expect, test } from 'vitest';
import { startEmulator } from '../support/emulator.ts';
import { importExport, signatureVersions } from '../support/import-export.ts';

const hourMs = 60 * 60 * 1000;
describe.each(signatureVersions)('with signature %s', (signatureVersion) => {
  test.each(['us-east-1', 'eu-west-1', 'ap-southeast-2'])('a client with the region %s is accepted', async (region) => {
    const client = importExport(await startEmulator(), { signatureVersion, region });
    expect(await client.listJobs().promise()).toMatchObject({ Jobs: [] });
  });

  test.each([
    ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
    ['an unknown key', { accessKeyId: 'AKIDSTRANGER' }, 'InvalidClientTokenIdException'],
    ['temporary credentials', { sessionToken: 'token' }, 'InvalidClientTokenIdException'],
  ])('a client with %s is refused', async (_, options, code) => {
    const client = importExport(await startEmulator(), { signatureVersion, ...options });
    await expect(client.listJobs().promise()).rejects.toMatchObject({ code, statusCode: 403 });
  });

  test('a client whose clock is an hour slow is refused', async () => {
    const client = importExport(await startEmulator(), { signatureVersion, systemClockOffset: -hourMs });
    await expect(client.listJobs().promise()).rejects.toMatchObject({ code: 'RequestExpired' });
  });

  test('a client with correctClockSkew corrects its clock by the Date header', async () => {
    const emulator = await startEmulator();
    const slow = { signatureVersion, systemClockOffset: -hourMs, correctClockSkew: true };
    expect(await importExport(emulator, slow).listJobs().promise()).toMatchObject({ Jobs: [] });
    expect(await emulator.requests()).toEqual({ 'ImportExport.ListJobs': 2 });
  });
});
