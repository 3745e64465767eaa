import { describe, expect, test } from 'vitest';
import { importManifest } from '../../unit/emulator/manifests.ts';
import { startEmulator } from '../support/emulator.ts';
import { importExport, signatureVersions } from '../support/import-export.ts';

const newImport = { JobType: 'Import', Manifest: importManifest, ValidateOnly: false };

describe.each(signatureVersions)('the SDK for JavaScript, signing with %s,', (signatureVersion) => {
  async function start() {
    return { client: importExport(await startEmulator(), { signatureVersion }) };
  }

  test('gets one shipping label for two jobs, whatever characters the address contains', async () => {
    const { client } = await start();
    const first = await client.createJob(newImport).promise();
    const second = await client.createJob(newImport).promise();
    const { ShippingLabelURL } = await client
      .getShippingLabel({
        jobIds: [first.JobId, second.JobId],
        name: "Jörg O'Neill (*) ~ 100% + more!",
        company: 'Müller & Söhne <GmbH>',
        phoneNumber: '+1 206-555-1111',
        country: 'USA',
        stateOrProvince: 'WA',
        city: '東京',
        postalCode: '91011-1111',
        street1: '123 Any Street = here',
      })
      .promise();
    expect(ShippingLabelURL).toBe(
      `https://s3.amazonaws.com/my-bucket/shipping-label-${first.JobId}-${second.JobId}.pdf`,
    );
  });

  test('gets a shipping label for eleven jobs, whose parameters sort in another order than they count', async () => {
    const { client } = await start();
    const created = await Promise.all(Array.from({ length: 11 }, () => client.createJob(newImport).promise()));
    const jobIds = created.map(({ JobId }) => JobId);
    const { ShippingLabelURL } = await client.getShippingLabel({ jobIds }).promise();
    expect(ShippingLabelURL).toContain(jobIds.join('-'));
  });
});
