/** Jobs and requests that are valid, for tests to spoil. */
import type { DataExchangeJobRequest } from '../../../../src/model/data-exchange-request.ts';

export const jobId = '6c25f0a4d8b74e1390ab7d52e86c1f94';
export const dataSetId = '4e1b6a0d29c84f7b9a35d0c1e8f26b73';
export const revisionId = 'c07d5f92e6a14b3890d2f4816b7ae35c';
export const assetId = '9a83e4d1705b4c62bf19e07d5c3a8264';

export const revision = { DataSetId: dataSetId, RevisionId: revisionId };

/** An answer of GetJob, as the service writes it. */
export function jobEntry(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    Arn: `arn:aws:dataexchange:us-east-1:123456789012:jobs/${jobId}`,
    CreatedAt: '2024-03-01T09:30:00.125Z',
    Details: {
      ImportAssetsFromS3: { ...revision, AssetSources: [{ Bucket: 'example-bucket', Key: 'a.csv' }] },
    },
    Id: jobId,
    State: 'WAITING',
    Type: 'IMPORT_ASSETS_FROM_S3',
    UpdatedAt: '2024-03-01T09:30:41.870Z',
    ...changes,
  };
}

export const importRequest: DataExchangeJobRequest = {
  importAssetsFromS3: { dataSetId, revisionId, sources: [{ bucket: 'example-bucket', key: 'a.csv' }] },
};
