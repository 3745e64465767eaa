import type { GetJobResponse } from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { aws, describeCli, emptySuccess, serviceErrorCodes } from '../support/aws-cli.ts';
import { type ForeignEmulator, startEmulator, stepMs } from '../support/emulator.ts';
import { importFrom, jobRequest } from '../support/job-requests.ts';

function dataExchange(emulator: ForeignEmulator, ...args: readonly string[]) {
  return aws(emulator, 'dataexchange', ...args);
}

async function startWithJob(request = importFrom(demo.bucket)) {
  const emulator = await startEmulator();
  const { output } = await dataExchange(emulator, 'create-job', '--cli-input-json', JSON.stringify(request));
  const job = output as GetJobResponse;
  return { emulator, job, named: ['--job-id', job.Id ?? ''] };
}

describeCli('aws dataexchange', () => {
  test('creates a job from JSON, starts it and reads it as completed', async () => {
    const { emulator, job, named } = await startWithJob(jobRequest('EXPORT_ASSETS_TO_S3'));
    expect(job).toMatchInlineSnapshot(
      { Arn: expect.any(String), Id: expect.any(String) },
      `
      {
        "Arn": Any<String>,
        "CreatedAt": 2026-01-01T00:00:00.000Z,
        "Details": {
          "ExportAssetsToS3": {
            "AssetDestinations": [
              {
                "AssetId": "a55e7000000000000000000000000001",
                "Bucket": "waybill-demo-target",
                "Key": "out/Zürich 東京.csv",
              },
            ],
            "DataSetId": "da7a0000000000000000000000000001",
            "Encryption": {
              "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/one",
              "Type": "aws:kms",
            },
            "RevisionId": "de710000000000000000000000000001",
          },
        },
        "Id": Any<String>,
        "State": "WAITING",
        "Type": "EXPORT_ASSETS_TO_S3",
        "UpdatedAt": 2026-01-01T00:00:00.000Z,
      }
    `,
    );
    expect(await dataExchange(emulator, 'start-job', ...named)).toEqual(emptySuccess);
    expect((await dataExchange(emulator, 'get-job', ...named)).output).toEqual({ ...job, State: 'IN_PROGRESS' });
    await emulator.clock.advance(stepMs);
    const UpdatedAt = new Date('2026-01-01T00:01:00Z');
    expect((await dataExchange(emulator, 'get-job', ...named)).output).toEqual({
      ...job,
      State: 'COMPLETED',
      UpdatedAt,
    });
  });

  test('cancels a job', async () => {
    const { emulator, job, named } = await startWithJob();
    expect(await dataExchange(emulator, 'cancel-job', ...named)).toEqual(emptySuccess);
    expect((await dataExchange(emulator, 'list-jobs')).output).toEqual({ Jobs: [{ ...job, State: 'CANCELLED' }] });
  });

  test('pages through a list by its tokens', async () => {
    const emulator = await startEmulator();
    const ids = [...(await emulator.seed('dataExchange', 60))].reverse();
    const list = (...args: readonly string[]) => dataExchange(emulator, 'list-jobs', '--query', 'Jobs[].Id', ...args);
    const [whole, paged, limited] = await Promise.all([list(), list('--page-size', '7'), list('--max-items', '10')]);
    expect([whole.output, paged.output, limited.output]).toEqual([ids, ids, ids.slice(0, 10)]);
    expect(await emulator.requests()).toEqual({ 'DataExchange.ListJobs': 3 + 9 + 1 });
  });

  test('resumes a list at its token', async () => {
    const emulator = await startEmulator();
    const ids = [...(await emulator.seed('dataExchange', 12))].reverse();
    const { output } = await dataExchange(emulator, 'list-jobs', '--max-items', '5', '--page-size', '3');
    const { NextToken } = output as { readonly NextToken: string };
    const rest = await dataExchange(emulator, 'list-jobs', '--starting-token', NextToken, '--query', 'Jobs[].Id');
    expect(rest.output).toEqual(ids.slice(5));
  });

  test('reads the revisions and assets that jobs refer to', async () => {
    const emulator = await startEmulator();
    const inDataSet = ['--data-set-id', demo.dataSetId];
    const inRevision = [...inDataSet, '--revision-id', demo.revisionId];
    const [dataSets, revisions, assets] = await Promise.all([
      dataExchange(emulator, 'list-data-sets', '--query', 'DataSets[].Id'),
      dataExchange(emulator, 'list-data-set-revisions', ...inDataSet, '--query', 'Revisions[].Id'),
      dataExchange(emulator, 'list-revision-assets', ...inRevision, '--query', 'Assets[].Id'),
    ]);
    expect(dataSets.output).toEqual([demo.dataSetId, demo.entitledDataSetId]);
    expect(revisions.output).toEqual([demo.revisionId, demo.finalizedRevisionId]);
    expect(assets.output).toEqual([demo.otherAssetId, demo.assetId]);
  });

  test.each([
    ['get-job', ['--job-id', 'f'.repeat(32)], 'ResourceNotFoundException'],
    ['get-job', ['--job-id', 'short'], 'ValidationException'],
    ['create-job', ['--cli-input-json', JSON.stringify(importFrom(''))], 'ValidationException'],
    ['create-revision', ['--data-set-id', demo.entitledDataSetId], 'AccessDeniedException'],
  ])('reports the error of %s (%#)', async (command, args, name) => {
    const run = await dataExchange(await startEmulator(), command, ...args);
    expect(serviceErrorCodes).toContain(run.exitCode);
    expect(run.stderr).toMatch(new RegExp(`\\(${name}\\) when calling .*: \\S`));
  });

  test('reports a second start as a conflict', async () => {
    const { emulator, named } = await startWithJob();
    await dataExchange(emulator, 'start-job', ...named);
    const run = await dataExchange(emulator, 'start-job', ...named);
    expect(serviceErrorCodes).toContain(run.exitCode);
    expect(run.stderr).toContain('(ConflictException)');
  });
});
