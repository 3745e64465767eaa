import { describe, expect, test } from 'vitest';
import { field, startGateway, type TestGateway } from '../../support/gateway.ts';

const ids = ['dataSetId', 'revisionId'] as const;
const wireIds = { DataSetId: '4e1b6a0d29c84f7b9a35d0c1e8f26b73', RevisionId: 'c07d5f92e6a14b3890d2f4816b7ae35c' };

function jobOf(number: number, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    Arn: `arn:aws:dataexchange:us-east-1:123456789012:jobs/${idOf(number)}`,
    Id: idOf(number),
    Type: 'IMPORT_ASSETS_FROM_S3',
    State: 'WAITING',
    CreatedAt: `2024-03-01T09:30:${String(59 - number).padStart(2, '0')}.000Z`,
    UpdatedAt: '2024-03-01T09:31:00.000Z',
    Details: { ImportAssetsFromS3: { ...wireIds, AssetSources: [{ Bucket: 'example-bucket', Key: 'a.csv' }] } },
    ...changes,
  };
}

function idOf(number: number): string {
  return String(number).padStart(32, '0');
}

function withBody(gateway: TestGateway, operation: string, body: unknown, times = 1): Promise<unknown> {
  return gateway.emulator.fail(`DataExchange.${operation}`, { status: 200, body: JSON.stringify(body) }, times);
}

interface DetailsCase {
  readonly type: string;
  readonly member: string;
  readonly name: string;
  /** GraphQL field by member of the reply. */
  readonly fields: Readonly<Record<string, string>>;
}

const revision = { DataSetId: 'dataSetId', RevisionId: 'revisionId' };
const detailsCases: readonly DetailsCase[] = [
  ['IMPORT_ASSETS_FROM_S3', 'ImportAssetsFromS3', { ...revision, AssetSources: 'sources { key }' }],
  [
    'IMPORT_ASSET_FROM_SIGNED_URL',
    'ImportAssetFromSignedUrl',
    { ...revision, AssetName: 'assetName', Md5Hash: 'md5Hash' },
  ],
  [
    'EXPORT_ASSETS_TO_S3',
    'ExportAssetsToS3',
    { ...revision, AssetDestinations: 'destinations { key }', Encryption: 'encryption { type }' },
  ],
  ['EXPORT_ASSET_TO_SIGNED_URL', 'ExportAssetToSignedUrl', { ...revision, AssetId: 'assetId' }],
  [
    'EXPORT_REVISIONS_TO_S3',
    'ExportRevisionsToS3',
    { DataSetId: 'dataSetId', RevisionDestinations: 'destinations { bucket }', EventActionArn: 'eventActionArn' },
  ],
  [
    'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
    'ImportAssetsFromRedshiftDataShares',
    { ...revision, AssetSources: 'dataShareArns' },
  ],
  [
    'IMPORT_ASSET_FROM_API_GATEWAY_API',
    'ImportAssetFromApiGatewayApi',
    { ...revision, ApiSpecificationMd5Hash: 'specificationMd5Hash' },
  ],
  [
    'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
    'CreateS3DataAccessFromS3Bucket',
    { ...revision, AssetSource: 'source { bucket }' },
  ],
  [
    'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
    'ImportAssetsFromLakeFormationTagPolicy',
    { ...revision, CatalogId: 'catalogId', RoleArn: 'roleArn' },
  ],
].map(([type, member, fields]) => ({ type, member, name: `${member}Details`, fields }) as DetailsCase);

describe.each(detailsCases)('Of a job of type $type', ({ type, member, name, fields }) => {
  test('each member that the reply leaves out is null', async () => {
    const gateway = await startGateway();
    const body = { Jobs: [jobOf(0, { Arn: undefined, Type: type, Details: { [member]: {} } })] };
    await withBody(gateway, 'ListJobs', body);
    const answer = await gateway.ask(
      `{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { ... on DataExchangeJob { arn type details { ... on ${name} { ${Object.values(fields).join(' ')} } } } } } }`,
    );
    const nulls = Object.values(fields).map((each) => [each.split(' ')[0], null]);
    expect(answer).toEqual({ data: { jobs: { nodes: [{ arn: null, type, details: Object.fromEntries(nulls) }] } } });
  });
});

test("The User Guide's own reply of an API Gateway job is read by GetJob and in a list.", async () => {
  const gateway = await startGateway();
  const details = { ApiId: 'a1b2c3', ...wireIds, ProtocolType: 'REST', Stage: 'prod' };
  const times = { CreatedAt: '2021-09-11T00:38:19.875000+00:00', UpdatedAt: 1631320699.875 };
  const type = 'IMPORT_ASSET_FROM_API_GATEWAY_API';
  const guide = jobOf(0, { Type: type, ...times, Details: { ImportAssetFromApiGatewayApi: details } });
  await withBody(gateway, 'ListJobs', { Jobs: [guide] });
  await withBody(gateway, 'GetJob', guide);
  const fields = `id createdAt ... on DataExchangeJob { updatedAt details { ... on ImportAssetFromApiGatewayApiDetails { ${ids.join(' ')} specificationMd5Hash api { apiId name stage protocol } } } }`;
  const listed = await gateway.ask(`{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { ${fields} } } }`);
  expect(listed.errors).toBeUndefined();
  const [node] = field<{ nodes: Record<string, unknown>[] }>(listed.data, 'jobs').nodes;
  expect(node).toMatchObject({
    createdAt: '2021-09-11T00:38:19.875Z',
    updatedAt: '2021-09-11T00:38:19.875Z',
    details: { specificationMd5Hash: null, api: { apiId: 'a1b2c3', name: null, stage: 'prod', protocol: 'REST' } },
  });
  expect(await gateway.ask(`{ job(id: ${JSON.stringify(node?.['id'])}) { ${fields} } }`)).toEqual({
    data: { job: node },
  });
});

const broken: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['a time that is none', { CreatedAt: 'not-a-date' }],
  ['an id that is a number', { Id: 1 }],
  ['no state', { State: undefined }],
  ['a time beyond all years', { CreatedAt: 1e308 }],
];

describe.each(broken)('An entry of a list with %s', (_title, changes) => {
  const body = { Jobs: [jobOf(0), jobOf(1), jobOf(2, changes), jobOf(3)] };

  test('is null, with an error, and affects no other entry', async () => {
    const gateway = await startGateway();
    await withBody(gateway, 'ListJobs', body);
    const { data, errors } = await gateway.ask('{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { awsJobId } } }');
    expect(data).toEqual({
      jobs: { nodes: [{ awsJobId: idOf(0) }, { awsJobId: idOf(1) }, null, { awsJobId: idOf(3) }] },
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
      [['jobs', 'nodes', 2], 'UPSTREAM_BAD_RESPONSE'],
    ]);
    expect(JSON.stringify(errors)).not.toContain('not-a-date');
  });

  test('is on one page only, with pages of one job', async () => {
    const gateway = await startGateway();
    await withBody(gateway, 'ListJobs', body, 100);
    const seen: unknown[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page += 1) {
      const { data } = await gateway.ask(
        'query ($after: String) { jobs(first: 1, after: $after, filter: { service: DATA_EXCHANGE }) { nodes { awsJobId } pageInfo { endCursor hasNextPage } } }',
        { after },
      );
      const { nodes, pageInfo } = field<{
        nodes: ({ awsJobId: string } | null)[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      }>(data, 'jobs');
      seen.push(...nodes.map((node) => node?.awsJobId ?? null));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual([idOf(0), idOf(1), null, idOf(3)]);
  });
});

test('A list that always gives the same token shows each job once, in few calls', async () => {
  const gateway = await startGateway();
  await withBody(gateway, 'ListJobs', { Jobs: [jobOf(0), jobOf(1)], NextToken: 'again' }, 1_000);
  const { data } = await gateway.ask(
    '{ jobs(first: 50, filter: { service: DATA_EXCHANGE }) { nodes { awsJobId } pageInfo { hasNextPage } } }',
  );
  expect(data).toEqual({
    jobs: { nodes: [{ awsJobId: idOf(0) }, { awsJobId: idOf(1) }], pageInfo: { hasNextPage: false } },
  });
  expect((await gateway.emulator.requests())['DataExchange.ListJobs']).toBe(2);
});
