import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportManifest } from '../../unit/emulator/manifests.ts';
import { aws, describeCli, serviceErrorCodes } from '../support/aws-cli.ts';
import { type ForeignEmulator, startEmulator } from '../support/emulator.ts';

const manifestPath = join(import.meta.dirname, 'manifest.txt');
const newImport = ['--job-type', 'import', '--manifest', `file://${manifestPath}`];

function importExport(emulator: ForeignEmulator, ...args: readonly string[]) {
  return aws(emulator, 'importexport', ...args);
}

async function startWithJob() {
  const emulator = await startEmulator();
  const { output } = await importExport(emulator, 'create-job', ...newImport, '--no-validate-only');
  return { emulator, job: output as { readonly JobId: string; readonly Signature: string } };
}

describeCli('aws importexport', () => {
  test('creates a job from a manifest in a file, and shows its status', async () => {
    const { emulator, job } = await startWithJob();
    const SignatureFileContents = expect.stringContaining(`signature:${job.Signature}`);
    expect(job).toMatchInlineSnapshot(
      {
        JobId: expect.any(String),
        Signature: expect.any(String),
        SignatureFileContents: expect.any(String),
      },
      `
      {
        "ArtifactList": [],
        "JobId": Any<String>,
        "JobType": "Import",
        "Signature": Any<String>,
        "SignatureFileContents": Any<String>,
        "WarningMessage": "Please use GetShippingLabel API endpoint to print your shipping label.",
      }
    `,
    );
    const { output } = await importExport(emulator, 'get-status', '--job-id', job.JobId);
    const { JobId, Signature } = job;
    expect(output).toMatchObject({ JobId, Signature, SignatureFileContents });
    expect(output).toMatchObject({ CurrentManifest: readFileSync(manifestPath, 'utf8') });
    expect(output).toMatchInlineSnapshot(
      {
        JobId: expect.any(String),
        Signature: expect.any(String),
        SignatureFileContents: expect.any(String),
        CurrentManifest: expect.any(String),
      },
      `
      {
        "ArtifactList": [],
        "CreationDate": 2026-01-01T00:00:00.000Z,
        "CurrentManifest": Any<String>,
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

  test('validates a manifest without creating a job', async () => {
    const emulator = await startEmulator();
    const checked = await importExport(emulator, 'create-job', ...newImport, '--validate-only');
    const listed = await importExport(emulator, 'list-jobs');
    expect(checked.output).toMatchInlineSnapshot(`
      {
        "JobType": "Import",
        "WarningMessage": "**** Device will be erased before being returned. ****",
      }
    `);
    expect(listed).toEqual({ exitCode: 0, output: { Jobs: [] }, stderr: '' });
  });

  test('turns an import into an export, then cancels it', async () => {
    const { emulator, job } = await startWithJob();
    const change = ['--job-id', job.JobId, '--job-type', 'Export', '--manifest', exportManifest, '--no-validate-only'];
    expect((await importExport(emulator, 'update-job', ...change)).output).toMatchInlineSnapshot(`
      {
        "ArtifactList": [],
        "Success": true,
      }
    `);
    expect((await importExport(emulator, 'cancel-job', '--job-id', job.JobId)).output).toEqual({ Success: true });
    const [status, list] = await Promise.all([
      importExport(emulator, 'get-status', '--job-id', job.JobId),
      importExport(emulator, 'list-jobs'),
    ]);
    expect(status.output).toMatchObject({
      JobType: 'Export',
      ProgressCode: 'Canceled',
      CurrentManifest: exportManifest,
    });
    const CreationDate = new Date('2026-01-01T00:00:00Z');
    const entry = { JobId: job.JobId, JobType: 'Export', IsCanceled: true, CreationDate };
    expect(list.output).toEqual({ Jobs: [entry] });
  });

  // Versions differ in the name of one option, `--street1` or `--street-1`; in JSON it has the name of the wire.
  test('gets a shipping label for two jobs', async () => {
    const emulator = await startEmulator();
    const ids = await emulator.seed('importExport', 2);
    const address = ['--name', 'Jane Röe & Co', '--country', 'USA', '--state-or-province', 'WA', '--city', 'Anytown'];
    const contact = ['--postal-code', '91011-1111', '--phone-number', '206-555-1111', '--company', 'Example + Sons'];
    const street = ['--cli-input-json', JSON.stringify({ street1: '123 Any Street' })];
    const label = await importExport(
      emulator,
      'get-shipping-label',
      '--job-ids',
      ...ids,
      ...address,
      ...contact,
      ...street,
    );
    const ShippingLabelURL = `https://s3.amazonaws.com/waybill-demo-logs/shipping-label-${ids.join('-')}.pdf`;
    expect(label).toEqual({ exitCode: 0, output: { ShippingLabelURL }, stderr: '' });
  });

  test('pages through a list by its markers', async () => {
    const emulator = await startEmulator();
    const ids = [...(await emulator.seed('importExport', 5))].reverse();
    const [whole, paged, limited] = await Promise.all([
      importExport(emulator, 'list-jobs', '--query', 'Jobs[].JobId'),
      importExport(emulator, 'list-jobs', '--query', 'Jobs[].JobId', '--page-size', '2'),
      importExport(emulator, 'list-jobs', '--query', 'Jobs[].JobId', '--max-items', '3'),
    ]);
    expect([whole.output, paged.output, limited.output]).toEqual([ids, ids, ids.slice(0, 3)]);
    expect(await emulator.requests()).toEqual({ 'ImportExport.ListJobs': 1 + 3 + 1 });
  });

  test.each([
    ['get-status', ['--job-id', 'fake_job'], 'InvalidJobIdException', 'No such job fake_job for your account'],
    [
      'create-job',
      ['--job-type', 'import', '--manifest', manifestPath, '--no-validate-only'],
      'MalformedManifestException',
      'Your manifest is not well-formed',
    ],
  ])('reports the error message of %s', async (command, args, code, message) => {
    const run = await importExport(await startEmulator(), command, ...args);
    expect(serviceErrorCodes).toContain(run.exitCode);
    expect(run.output).toBeUndefined();
    expect(run.stderr).toMatch(new RegExp(`\\(${code}\\) when calling .*: ${message}$`));
  });
});
