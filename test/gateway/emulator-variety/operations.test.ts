import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, manifests, md5OfHello } from '../../support/examples.ts';
import { createDataExchange, createImportExport, dataOf, listedIds, settledMs } from './requests.ts';
import { seeded, startVaried } from './variety-gateway.ts';

const nodes =
  'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on DataExchangeJob { type details { __typename dataSetId } } } }';
const state = 'query ($id: ID!) { job(id: $id) { state isFinished } }';
const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { state } userErrors { code } } }';
const cancel = 'mutation ($id: ID!) { cancelJob(id: $id) { job { state } userErrors { code } } }';
const documents =
  'query ($id: ID!) { job(id: $id) { ... on ImportExportJob { awsJobId state direction manifest signature { fileContents } } } }';
const update = `mutation ($id: ID!, $input: UpdateImportExportJobInput!) {
  updateImportExportJob(id: $id, input: $input) { job { state direction } userErrors { code } }
}`;

/** The types of the schema, by the names of the service's model. */
const typenames: Readonly<Record<string, string>> = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: 'CreateS3DataAccessFromS3BucketDetails',
  EXPORT_ASSETS_TO_S3: 'ExportAssetsToS3Details',
  EXPORT_ASSET_TO_SIGNED_URL: 'ExportAssetToSignedUrlDetails',
  EXPORT_REVISIONS_TO_S3: 'ExportRevisionsToS3Details',
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: 'ImportAssetsFromLakeFormationTagPolicyDetails',
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: 'ImportAssetsFromRedshiftDataSharesDetails',
  IMPORT_ASSETS_FROM_S3: 'ImportAssetsFromS3Details',
  IMPORT_ASSET_FROM_API_GATEWAY_API: 'ImportAssetFromApiGatewayApiDetails',
  IMPORT_ASSET_FROM_SIGNED_URL: 'ImportAssetFromSignedUrlDetails',
};

seeded('a job of each type is created, is read with its details, and is listed once', async (seed) => {
  const gateway = await startVaried(seed);
  await gateway.emulator.seed({ dataExchange: 6, importExport: 6 });
  const expected: object[] = [];
  const ids: string[] = [];
  for (const [type, details] of Object.entries(dataExchangeDetails)) {
    const id = await createDataExchange(gateway, { details });
    ids.push(id);
    expected.push({ id, type, details: { __typename: typenames[type], dataSetId: demo.dataSetId } });
  }
  expect(await dataOf(gateway, nodes, { ids })).toEqual({ nodes: expected });
  await sleep(settledMs);
  const details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3;
  const listed = await listedIds(gateway, 4, () => createDataExchange(gateway, { details }));
  expect(listed).toHaveLength(ids.length + 12);
  expect(listed.filter((id) => ids.includes(id))).toEqual([...ids].reverse());
  expect(new Set(listed).size).toBe(listed.length);
  expect(await dataOf(gateway, nodes, { ids })).toEqual({ nodes: expected });
  expect(gateway.complaints).toEqual([]);
});

seeded('a started Data Exchange job is IN_PROGRESS and a cancelled one is CANCELLED', async (seed) => {
  const gateway = await startVaried(seed);
  const details = {
    importAssetFromSignedUrl: {
      ...dataExchangeDetails.IMPORT_ASSET_FROM_SIGNED_URL.importAssetFromSignedUrl,
      md5Hash: md5OfHello,
    },
  };
  const started = await createDataExchange(gateway, { details });
  const cancelled = await createDataExchange(gateway, { details });
  for (let time = 0; time < 2; time += 1) {
    expect(await dataOf(gateway, start, { id: started })).toEqual({
      startDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] },
    });
    expect(await dataOf(gateway, cancel, { id: cancelled })).toEqual({
      cancelJob: { job: { state: 'CANCELLED' }, userErrors: [] },
    });
  }
  expect(await dataOf(gateway, state, { id: started })).toEqual({ job: { state: 'IN_PROGRESS', isFinished: false } });
  expect(await dataOf(gateway, state, { id: cancelled })).toEqual({ job: { state: 'CANCELLED', isFinished: true } });
  expect(gateway.complaints).toEqual([]);
});

seeded(
  'an Import/Export job is created, is read with its documents, becomes an export and is cancelled',
  async (seed) => {
    const gateway = await startVaried(seed);
    await gateway.emulator.seed({ importExport: 9 });
    const label = 'a & b <c> ]]> "d" 東京';
    const manifest = { importToS3: { ...manifests.importToS3.importToS3, deviceId: label } };
    const id = await createImportExport(gateway, { manifest });
    const { job } = await dataOf(gateway, documents, { id });
    expect(job).toMatchObject({
      state: 'WAITING',
      direction: 'IMPORT',
      manifest: expect.stringContaining('a & b <c> ]]>'),
    });
    expect(job).toMatchObject({
      signature: { fileContents: expect.stringMatching(/^version:2\.0\n.*\njobId:\w{5}\nsignature:\S+\n$/) },
    });
    expect(await dataOf(gateway, update, { id, input: { manifest: manifests.exportFromS3 } })).toEqual({
      updateImportExportJob: { job: { state: 'WAITING', direction: 'EXPORT' }, userErrors: [] },
    });
    for (let time = 0; time < 2; time += 1) {
      expect(await dataOf(gateway, cancel, { id })).toEqual({
        cancelJob: { job: { state: 'CANCELLED' }, userErrors: [] },
      });
    }
    await sleep(settledMs);
    expect(await dataOf(gateway, state, { id })).toEqual({ job: { state: 'CANCELLED', isFinished: true } });
    expect(gateway.complaints).toEqual([]);
  },
);
