/** The recorded replies of the service, read through the client. */
import { describe, expect, it } from 'vitest';
import { revealed } from '../../../support/revealed.ts';
import { address, clientAnswering, failureOf, importToS3, newJob, uninterrupted } from './fixtures.ts';
import { type ReplyVector, replyVector, replyVectors } from './vectors.ts';

function answering(vector: ReplyVector) {
  return clientAnswering(vector.body, { status: vector.httpStatus }).client;
}

function byOperation(operation: string): readonly ReplyVector[] {
  return replyVectors.filter((vector) => vector.operation === operation && vector.expected.result);
}

function expectedResult(vector: ReplyVector): Readonly<Record<string, unknown>> {
  return vector.expected.result ?? {};
}

it('There are 16 recorded replies, and each operation has one', () => {
  expect(replyVectors).toHaveLength(16);
  expect(new Set(replyVectors.map(({ operation }) => operation)).size).toBe(7);
});

it.each(byOperation('CreateJob'))('$id gives the new job and the warning', async (vector) => {
  const expected = expectedResult(vector);
  expect(await answering(vector).createJob(newJob, uninterrupted)).toEqual({
    job: { service: 'IMPORT_EXPORT', awsJobId: expected.JobId, direction: 'IMPORT', state: 'WAITING' },
    warning: expected.WarningMessage ?? null,
  });
});

it('update-job gives the warning', async () => {
  const vector = replyVector('update-job');
  const request = { manifest: { importToS3 }, validateOnly: false };
  expect(await answering(vector).updateJob('53TX4', request, uninterrupted)).toEqual({
    warning: expectedResult(vector).WarningMessage,
  });
});

it('cancel-job-documented is a success', async () => {
  const vector = replyVector('cancel-job-documented');
  await expect(answering(vector).cancelJob('53TX4', uninterrupted)).resolves.toBeUndefined();
});

describe.each(byOperation('GetStatus'))('$id', (vector) => {
  const expected = expectedResult(vector);
  const jobId = String(expected.JobId);

  it('The status has the state of the vector', async () => {
    const status = await answering(vector).getStatus(jobId, uninterrupted);
    expect(status).toMatchObject({
      awsJobId: jobId,
      direction: String(expected.JobType).toUpperCase(),
      createdAt: new Date(String(expected.CreationDate)),
      state: vector.expectedState,
      progress: { code: expected.ProgressCode, message: expected.ProgressMessage },
      device: { locationCode: expected.LocationCode, message: expected.LocationMessage },
    });
  });

  it('The documents have the signature and the manifest exactly, except for passwords', async () => {
    const documents = await answering(vector).getDocuments(jobId, uninterrupted);
    expect(revealed(documents)).toEqual({
      manifest: String(expected.CurrentManifest).replace(':password123', ': [secret]'),
      signature: { value: expected.Signature, fileContents: expected.SignatureFileContents },
      artifacts: [],
    });
  });

  it('The status has no manifest, signature or link', async () => {
    const status = JSON.stringify(await answering(vector).getStatus(jobId, uninterrupted));
    for (const member of ['CurrentManifest', 'Signature', 'SignatureFileContents']) {
      expect(status).not.toContain(JSON.stringify(expected[member]).slice(1, -1));
    }
  });
});

it('get-status-completed-with-errors-returned gives log, error count and return shipment', async () => {
  const vector = replyVector('get-status-completed-with-errors-returned');
  expect(await answering(vector).getStatus('53tx4', uninterrupted)).toMatchInlineSnapshot(`
    {
      "awsJobId": "53TX4",
      "createdAt": 2015-05-27T18:58:21.000Z,
      "device": {
        "location": "RETURNED",
        "locationCode": "Returned",
        "message": "Your device has been returned. The UPS tracking number is 1Z999AA10123456784.",
        "returnShipment": {
          "carrier": "UPS",
          "trackingNumber": "1Z999AA10123456784",
        },
      },
      "direction": "IMPORT",
      "progress": {
        "code": "SuccessWithErrors",
        "errorCount": 3,
        "log": {
          "bucket": "my-log-bucket",
          "key": "logs/import-log-53TX4",
        },
        "message": "The data load completed with 3 of errors. See logs/import-log-53TX4 in the bucket my-log-bucket. for more details.",
      },
      "state": "COMPLETED_WITH_ERRORS",
    }
  `);
});

it.each(byOperation('ListJobs'))('$id gives its jobs in order', async (vector) => {
  const expected = expectedResult(vector);
  const page = await answering(vector).listJobs({ limit: 100 }, uninterrupted);
  expect(page.jobs.map((job) => [job.awsJobId, job.createdAt?.toISOString(), job.direction])).toEqual(
    (expected.Jobs as Record<string, string>[]).map(({ JobId, CreationDate, JobType }) => [
      JobId,
      CreationDate?.replace('Z', '.000Z'),
      JobType?.toUpperCase(),
    ]),
  );
  expect(page.nextMarker).toBe(vector.expectedNextMarker ?? null);
});

it('list-jobs-two shows the state only of the cancelled job', async () => {
  const page = await answering(replyVector('list-jobs-two')).listJobs({ limit: 100 }, uninterrupted);
  expect(page).toMatchInlineSnapshot(`
    {
      "jobs": [
        {
          "awsJobId": "53TX4",
          "createdAt": 2015-05-27T18:58:21.000Z,
          "direction": "IMPORT",
          "service": "IMPORT_EXPORT",
          "state": "CANCELLED",
        },
        {
          "awsJobId": "796CK",
          "createdAt": 2015-05-20T07:00:00.000Z,
          "direction": "EXPORT",
          "service": "IMPORT_EXPORT",
        },
      ],
      "nextMarker": null,
    }
  `);
});

it.each(byOperation('GetShippingLabel'))('$id gives the link and the warning', async (vector) => {
  const expected = expectedResult(vector);
  const request = { awsJobIds: ['53TX4'], sender: address };
  expect(revealed(await answering(vector).getShippingLabel(request, uninterrupted))).toEqual({
    url: expected.ShippingLabelURL,
    warning: expected.Warning ?? null,
  });
});

it.each(replyVectors.filter(({ expected }) => expected.error))(
  'The error of $id has the code of the reply and not its text',
  async (vector) => {
    const failure = await failureOf(answering(vector).getStatus('fake_job', uninterrupted));
    expect(failure.awsCode).toBe(vector.expected.error?.code);
    expect(JSON.stringify(failure)).not.toMatch(/ExceptionMessage|fake_job/);
  },
);
