/** Old inputs for the services pass through the gateway to the emulator. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { globalId, manifests } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';
import { created, manifestOf } from '../../support/manifests.ts';

/** In the shape of the sample that the AWS CLI's help has inline. */
const inlineSample = `manifestVersion: 2.0;
 returnAddress:
 name: Alex Roe
 company: Sample Freight
 street1: 9 Harbour Road
 city: Smalltown
 stateOrProvince: OR
 postalCode: 97001-0000 
 phoneNumber: 503-555-0142
 country: USA
 deviceId: 70114
 eraseDevice: Yes
 notificationEmail: ops@example.com;night@example.com
 bucket: sampleBucket
`;

const text = { direction: 'IMPORT', text: inlineSample };

const create = `mutation ($input: CreateImportExportJobInput!) {
  createImportExportJob(input: $input) { job { id state } warning userErrors { code message field awsCode } }
}`;

test('A manifest in the shape of the AWS CLI’s sample creates a job unchanged', async () => {
  const gateway = await startGateway();
  expect(await manifestOf(gateway, await created(gateway, { text }))).toBe(inlineSample);
});

test('A manifest in the shape of the AWS CLI’s sample is found again by its mark after a create whose answer is lost', async () => {
  const gateway = await startGateway();
  const input = { manifest: { text }, idempotencyKey: 'a-key-of-sixteen-characters' };
  await gateway.emulator.fail('ImportExport.CreateJob', { reset: true, afterCommit: true });
  const answers = [await gateway.ask(create, { input }), await gateway.ask(create, { input })];
  const jobs = answers.flatMap(({ data }) => data && field<{ job: { id: string } }>(data, 'createImportExportJob').job);
  expect(jobs.length).toBeGreaterThan(0);
  const query = '{ jobs(filter: { service: IMPORT_EXPORT }) { nodes { ... on ImportExportJob { id manifest } } } }';
  const { data } = await gateway.ask(query);
  const marked = field<{ nodes: { manifest: string }[] }>(data, 'jobs').nodes.filter(({ manifest }) =>
    manifest.includes('70114'),
  );
  expect(marked).toHaveLength(1);
  expect(marked[0]?.manifest).toMatch(/^manifestVersion: 2\.0;\n generator: waybill\/\S+\n returnAddress:\n/);
});

test('A check of a manifest with Yes returns the warning for yes', async () => {
  const { ask } = await startGateway();
  const { data } = await ask(create, { input: { manifest: { text }, validateOnly: true } });
  expect(data?.['createImportExportJob']).toMatchObject({ warning: expect.stringContaining('erased'), userErrors: [] });
});

test.each(['myBucket', 'My_Legacy_Bucket', 'b'.repeat(200)])(
  'The legacy bucket name %s is accepted for both services',
  async (bucket) => {
    const { ask } = await startGateway();
    const { importToS3 } = manifests.importToS3;
    const carried = await ask(create, { input: { manifest: { importToS3: { ...importToS3, bucket } } } });
    expect(carried.data?.['createImportExportJob']).toMatchObject({ job: { state: 'WAITING' }, userErrors: [] });
    const { dataSetId, revisionId } = demo;
    const published = await ask(
      `mutation ($input: CreateDataExchangeJobInput!) {
      createDataExchangeJob(input: $input) { job { state } userErrors { message field } }
    }`,
      { input: { details: { importAssetsFromS3: { dataSetId, revisionId, sources: [{ bucket, key: 'a' }] } } } },
    );
    expect(published.data?.['createDataExchangeJob']).toEqual({ job: { state: 'WAITING' }, userErrors: [] });
  },
);

test('Each malformed id among nodes is named by its index', async () => {
  const { ask } = await startGateway();
  const ids = [globalId('ImportExportJob', 'ZZZZZ'), 'nonsense', 'more'];
  const { data, errors } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(data).toEqual({ nodes: [null, null, null] });
  expect(errors?.map(({ message }) => message)).toEqual([
    'The argument `ids[1]` is not an id of this API.',
    'The argument `ids[2]` is not an id of this API.',
  ]);
});
