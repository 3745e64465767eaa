import { describe, expect, test } from 'vitest';
import { exportManifest, importManifest, withField } from '../../unit/emulator/manifests.ts';
import { startEmulator, stepMs } from '../support/emulator.ts';
import { importExport, signatureVersions, withoutRequestId } from '../support/import-export.ts';

const newImport = { JobType: 'Import', Manifest: importManifest, ValidateOnly: false };

describe.each(signatureVersions)('the SDK for JavaScript, signing with %s,', (signatureVersion) => {
  async function start() {
    const emulator = await startEmulator();
    return { ...emulator, client: importExport(emulator, { signatureVersion }) };
  }

  test('creates a job and gets its SIGNATURE file', async () => {
    const { client } = await start();
    const job = await client.createJob(newImport).promise();
    expect(withoutRequestId(job)).toMatchInlineSnapshot(
      {
        JobId: expect.stringMatching(/^[1-9A-NP-Z]{5}$/),
        Signature: expect.any(String),
        SignatureFileContents: expect.any(String),
      },
      `
      {
        "ArtifactList": [],
        "JobId": StringMatching /\\^\\[1-9A-NP-Z\\]\\{5\\}\\$/,
        "JobType": "Import",
        "Signature": Any<String>,
        "SignatureFileContents": Any<String>,
        "WarningMessage": "Please use GetShippingLabel API endpoint to print your shipping label.",
      }
    `,
    );
    expect(job.SignatureFileContents).toBe(
      `version:2.0\nsigningMethod:HmacSHA1\njobId:${job.JobId}\nsignature:${job.Signature}\n`,
    );
  });

  test('finds the request id in every response', async () => {
    const { client } = await start();
    const { ResponseMetadata } = await client.listJobs().promise();
    expect(ResponseMetadata.RequestId).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });

  test('validates a manifest without creating a job', async () => {
    const { client } = await start();
    expect(
      withoutRequestId(await client.createJob({ ...newImport, ValidateOnly: true }).promise()),
    ).toMatchInlineSnapshot(`
      {
        "ArtifactList": [],
        "JobType": "Import",
        "WarningMessage": "**** Device will be erased before being returned. ****",
      }
    `);
    expect((await client.listJobs().promise()).Jobs).toEqual([]);
  });

  test('reads a new job without shipment and log', async () => {
    const { client } = await start();
    const { JobId, Signature, SignatureFileContents } = await client.createJob(newImport).promise();
    const status = await client.getStatus({ JobId }).promise();
    expect(status).toMatchObject({ JobId, Signature, SignatureFileContents });
    expect(withoutRequestId(status)).toMatchInlineSnapshot(
      { JobId: expect.any(String), Signature: expect.any(String), SignatureFileContents: expect.any(String) },
      `
      {
        "ArtifactList": [],
        "CreationDate": 2026-01-01T00:00:00.000Z,
        "CurrentManifest": "manifestVersion: 2.0
      generator: test
      bucket: my-bucket
      deviceId: 49382
      eraseDevice: yes
      logPrefix: logs/
      returnAddress:
          name: Jane Roe
          street1: 123 Any Street
          city: Anytown
          stateOrProvince: WA
          postalCode: 91011-1111
          phoneNumber: 206-555-1111
          country: USA
      ",
        "ErrorCount": 0,
        "JobId": Any<String>,
        "JobType": "Import",
        "LocationCode": "NotReceived",
        "LocationMessage": "AWS has not received your device.",
        "ProgressCode": "Pending",
        "ProgressMessage": "The specified job has not started.",
        "Signature": Any<String>,
        "SignatureFileContents": Any<String>,
      }
    `,
    );
  });

  test('reads the shipment and the log of a returned device', async () => {
    const { client, clock } = await start();
    const Manifest = withField(importManifest, 'deviceId', 'DISK-ERRORS');
    const { JobId } = await client.createJob({ ...newImport, Manifest }).promise();
    await clock.advance(4 * stepMs);
    expect(await client.getStatus({ JobId }).promise()).toMatchObject({
      LocationCode: 'Returned',
      LocationMessage: 'Your device has been returned. The UPS tracking number is 1Z999AA10123456784.',
      ProgressCode: 'SuccessWithErrors',
      ProgressMessage: `The data load completed with 3 of errors. See logs/import-log-${JobId} in the bucket my-bucket. for more details.`,
      Carrier: 'UPS',
      TrackingNumber: '1Z999AA10123456784',
      LogBucket: 'my-bucket',
      LogKey: `logs/import-log-${JobId}`,
      ErrorCount: 3,
    });
  });

  test('turns an import into an export', async () => {
    const { client } = await start();
    const { JobId } = await client.createJob(newImport).promise();
    const change = { JobId, JobType: 'Export', Manifest: exportManifest };
    expect(await client.updateJob({ ...change, ValidateOnly: true }).promise()).toMatchObject({ Success: true });
    expect(await client.getStatus({ JobId }).promise()).toMatchObject({ JobType: 'Import' });
    const answer = await client.updateJob({ ...change, ValidateOnly: false }).promise();
    expect(withoutRequestId(answer)).toMatchInlineSnapshot(`
      {
        "ArtifactList": [],
        "Success": true,
      }
    `);
    const after = { JobType: 'Export', CurrentManifest: exportManifest };
    expect(await client.getStatus({ JobId }).promise()).toMatchObject(after);
    expect((await client.listJobs().promise()).Jobs).toMatchObject([{ JobId, JobType: 'Export' }]);
  });

  test('gets a warning from an update that erases the device', async () => {
    const { client } = await start();
    const { JobId } = await client.createJob(newImport).promise();
    expect(withoutRequestId(await client.updateJob({ ...newImport, JobId }).promise())).toMatchInlineSnapshot(`
      {
        "ArtifactList": [],
        "Success": true,
        "WarningMessage": "**** Device will be erased before being returned. ****",
      }
    `);
  });

  test('cancels a job, which stays listed', async () => {
    const { client } = await start();
    const { JobId } = await client.createJob(newImport).promise();
    expect(withoutRequestId(await client.cancelJob({ JobId }).promise())).toMatchInlineSnapshot(`
      {
        "Success": true,
      }
    `);
    expect(await client.getStatus({ JobId }).promise()).toMatchObject({ ProgressCode: 'Canceled' });
    expect((await client.listJobs().promise()).Jobs).toMatchObject([{ JobId, IsCanceled: true }]);
  });
});
