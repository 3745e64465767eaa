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

  test('creates a data set and a revision with tags, and changes these', async () => {
    const emulator = await startEmulator();
    const created = await dataExchange(
      emulator,
      ...['create-data-set', '--asset-type', 'S3_SNAPSHOT', '--name', 'Préis', '--description', 'Daily'],
      ...['--tags', 'team=a b,stage=test'],
    );
    const dataSet = created.output as { readonly Id: string; readonly Arn: string; readonly Tags: object };
    expect(dataSet.Tags).toEqual({ team: 'a b', stage: 'test' });
    const inDataSet = ['--data-set-id', dataSet.Id];
    const made = await dataExchange(emulator, 'create-revision', ...inDataSet, '--comment', 'May', '--tags', 'a=b');
    expect(made.output).toMatchObject({ Comment: 'May', Finalized: false, Tags: { a: 'b' } });
    const ofDataSet = ['--resource-arn', dataSet.Arn];
    expect(await dataExchange(emulator, 'tag-resource', ...ofDataSet, '--tags', 'stage=live,x=')).toEqual(emptySuccess);
    expect(await dataExchange(emulator, 'untag-resource', ...ofDataSet, '--tag-keys', 'team', 'x')).toEqual(
      emptySuccess,
    );
    const { output } = await dataExchange(emulator, 'list-tags-for-resource', ...ofDataSet);
    expect(output).toEqual({ Tags: { stage: 'live' } });
  });

  test('finalizes a revision, and reports why one cannot be', async () => {
    const emulator = await startEmulator();
    const [id = ''] = await emulator.seed('revisions', 1);
    const update = (revisionId: string, ...args: readonly string[]) =>
      dataExchange(
        emulator,
        ...['update-revision', '--data-set-id', demo.dataSetId, '--revision-id', revisionId],
        ...args,
      );
    expect((await update(demo.revisionId, '--finalized')).output).toMatchObject({ Finalized: true });
    expect((await update(id, '--finalized')).stderr).toContain('(ValidationException)');
    expect((await update(demo.revisionId, '--no-finalized')).stderr).toContain('(ConflictException)');
  });

  test('reports a quota that is used up, and a policy that refuses tags', async () => {
    const emulator = await startEmulator();
    await emulator.seed('revisions', 9_997);
    await emulator.fail('DataExchange.CreateRevision', { status: 403, onlyTagged: true });
    const create = ['create-revision', '--data-set-id', demo.dataSetId];
    const refused = await dataExchange(emulator, ...create, '--tags', 'a=b');
    expect(refused.stderr).toContain('(AccessDeniedException)');
    expect((await dataExchange(emulator, ...create)).exitCode).toBe(0);
    const exceeded = await dataExchange(emulator, ...create);
    expect(serviceErrorCodes).toContain(exceeded.exitCode);
    expect(exceeded.stderr).toContain('(ServiceLimitExceededException)');
  });

  test('reports a second start as a conflict', async () => {
    const { emulator, named } = await startWithJob();
    await dataExchange(emulator, 'start-job', ...named);
    const run = await dataExchange(emulator, 'start-job', ...named);
    expect(serviceErrorCodes).toContain(run.exitCode);
    expect(run.stderr).toContain('(ConflictException)');
  });
});
