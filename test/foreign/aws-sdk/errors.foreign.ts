import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { customs, exportManifest, importManifest, withField } from '../../unit/emulator/manifests.ts';
import { type ForeignEmulator, startEmulator, stepMs } from '../support/emulator.ts';
import { type ImportExport, importExport } from '../support/import-export.ts';

interface Session extends ForeignEmulator {
  readonly client: ImportExport;
}

type Trigger = (session: Session) => Promise<unknown>;

const dayMs = 24 * 60 * 60 * 1000;
const newImport = { JobType: 'Import', Manifest: importManifest, ValidateOnly: false };
const abroad = withField(importManifest, 'country', 'Canada');

async function created(client: ImportExport, Manifest = importManifest): Promise<{ JobId: string }> {
  const { JobId } = await client.createJob({ ...newImport, Manifest }).promise();
  return { JobId };
}

function importOf(Manifest: string): Trigger {
  return ({ client }) => client.createJob({ ...newImport, Manifest }).promise();
}

function exportOf(Manifest: string): Trigger {
  return ({ client }) => client.createJob({ ...newImport, JobType: 'Export', Manifest }).promise();
}

/**
 * The twenty codes of the service's model, and the one that is only in its guide. A name, a value or the clock triggers
 * all but InvalidVersionException: the format of `APIVersion` is unknown, so the emulator accepts any value and needs a
 * scripted fault.
 */
const triggers: readonly (readonly [code: string, trigger: Trigger])[] = [
  ['BucketPermissionException', importOf(withField(importManifest, 'bucket', demo.forbiddenBucket))],
  [
    'CanceledJobIdException',
    async ({ client }) => {
      const job = await created(client);
      await client.cancelJob(job).promise();
      return client.cancelJob(job).promise();
    },
  ],
  [
    'CreateJobQuotaExceededException',
    async ({ client }) => {
      for (let count = 0; count < 50; count += 1) await created(client);
      return created(client);
    },
  ],
  [
    'ExpiredJobIdException',
    async ({ client, clock }) => {
      const job = await created(client, withField(importManifest, 'deviceId', 'DISK-LOST'));
      await clock.advance(90 * dayMs);
      return client.getStatus(job).promise();
    },
  ],
  ['InvalidAccessKeyIdException', importOf(withField(importManifest, 'accessKeyId', 'AKIDOTHER'))],
  ['InvalidAddressException', importOf(withField(importManifest, 'street1', 'P.O. Box 12'))],
  [
    'InvalidClientTokenIdException',
    (emulator) => importExport(emulator, { accessKeyId: 'AKIDSTRANGER' }).listJobs().promise(),
  ],
  ['InvalidCustomsException', importOf(abroad + withField(customs, 'deviceValue', 'priceless'))],
  ['InvalidFileSystemException', exportOf(withField(exportManifest, 'fileSystem', 'HFSPlus'))],
  ['InvalidJobIdException', ({ client }) => client.getStatus({ JobId: 'fake_job' }).promise()],
  ['InvalidManifestFieldException', importOf(withField(importManifest, 'acl', 'mine'))],
  ['InvalidParameterException', ({ client }) => client.listJobs({ Marker: 'fake_job' }).promise()],
  [
    'InvalidVersionException',
    async ({ client, fail }) => {
      await fail('ImportExport.ListJobs', { status: 400, awsCode: 'InvalidVersionException' });
      return client.listJobs({ APIVersion: '0.1' }).promise();
    },
  ],
  // Sent without the `file://` of the AWS CLI.
  ['MalformedManifestException', importOf('manifest.txt')],
  ['MissingCustomsException', importOf(abroad)],
  ['MissingManifestFieldException', importOf(withField(importManifest, 'deviceId'))],
  ['MissingParameterException', ({ client }) => client.createJob({ ...newImport, JobType: '' }).promise()],
  ['MultipleRegionsException', exportOf(withField(exportManifest, 'exportBucket', demo.europeanBucket))],
  ['NoSuchBucketException', importOf(withField(importManifest, 'bucket', demo.missingBucket))],
  [
    'UnableToCancelJobIdException',
    async ({ client, clock }) => {
      const job = await created(client);
      await clock.advance(2 * stepMs);
      return client.cancelJob(job).promise();
    },
  ],
  [
    'UnableToUpdateJobIdException',
    async ({ client, clock }) => {
      const job = await created(client);
      await clock.advance(2 * stepMs);
      return client.updateJob({ ...newImport, ...job }).promise();
    },
  ],
];

test.each(triggers)('%s reaches the SDK with its status and message, and is not retried', async (code, trigger) => {
  const emulator = await startEmulator();
  await expect(trigger({ ...emulator, client: importExport(emulator) })).rejects.toMatchObject({
    code,
    statusCode: code === 'InvalidClientTokenIdException' ? 403 : 400,
    message: expect.stringMatching(/\S/),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    retryable: false,
  });
});

test('the known messages of the live service arrive unchanged', async () => {
  const client = importExport(await startEmulator());
  await expect(client.getStatus({ JobId: 'fake_job' }).promise()).rejects.toThrow(
    /^No such job fake_job for your account$/,
  );
  const Manifest = 'manifest.txt';
  await expect(client.createJob({ ...newImport, Manifest }).promise()).rejects.toThrow(
    /^Your manifest is not well-formed$/,
  );
});

test('a label for an empty list of jobs is refused', async () => {
  const client = importExport(await startEmulator());
  await expect(client.getShippingLabel({ jobIds: [] }).promise()).rejects.toMatchObject({
    code: 'InvalidJobIdException',
  });
});

test('the SDK retries after a server error, throttling and a lost connection', async () => {
  const emulator = await startEmulator();
  await emulator.fail('ImportExport.ListJobs', { status: 500 });
  await emulator.fail('ImportExport.ListJobs', { status: 400, awsCode: 'Throttling' });
  await emulator.fail('ImportExport.ListJobs', { reset: true });
  expect(await importExport(emulator).listJobs().promise()).toMatchObject({ Jobs: [] });
  expect(await emulator.requests()).toEqual({ 'ImportExport.ListJobs': 4 });
});

test('a create whose response is lost is retried and creates a second job', async () => {
  const emulator = await startEmulator();
  const client = importExport(emulator);
  await emulator.fail('ImportExport.CreateJob', { reset: true, afterCommit: true });
  const { JobId } = await created(client);
  const { Jobs } = await client.listJobs().promise();
  expect(Jobs).toHaveLength(2);
  expect(Jobs[0]).toMatchObject({ JobId });
});
