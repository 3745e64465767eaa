/** A read that is written from a template is the request that the SDK would write and sign. */
import {
  GetAssetCommand,
  GetDataSetCommand,
  GetJobCommand,
  GetRevisionCommand,
  ListDataSetRevisionsCommand,
  ListDataSetsCommand,
  ListJobsCommand,
  ListRevisionAssetsCommand,
} from '@aws-sdk/client-dataexchange';
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Read } from '../../../../src/backends/data-exchange/reads.ts';
import { createSigner } from '../../../../src/backends/data-exchange/signer.ts';
import { createSdk, type SdkOptions } from '../../../../src/backends/data-exchange/unsent-request.ts';

const endpoints: readonly SdkOptions[] = [
  { region: 'us-east-1' },
  { region: 'cn-north-1' },
  { region: 'us-east-1', endpoint: 'http://127.0.0.1:4566' },
  { region: 'eu-west-1', endpoint: 'https://proxy.example:8443/base//of/job-id/./1/' },
];

const text = fc.string({ unit: fc.oneof(fc.constantFrom(...`/.%+ =&?;:'()*!~"\t\r\n\u00e9\u{1f4a5}`), fc.string()) });
/** Some texts have a lone surrogate, for which neither the SDK nor the gateway has a form. */
const wellFormed = text.map((value) => Buffer.from(value).toString());

/** A value in a path is not empty. */
const id = wellFormed.filter((value) => value !== '');
const effect = fc.constant('read' as const);
const operation = <Name extends Read['operation']>(name: Name) => ({ operation: fc.constant(name), effect });
const ofDataSet = { awsDataSetId: id };
const ofRevision = { ...ofDataSet, awsRevisionId: id };
const ofAsset = { ...ofRevision, awsAssetId: id };
const page = {
  limit: fc.integer({ min: 1, max: 200 }),
  nextToken: fc.option(wellFormed, { nil: undefined }),
};
const origin = fc.constantFrom('OWNED' as const, 'ENTITLED' as const);
const filter = {
  dataSetId: fc.option(wellFormed, { nil: undefined }),
  revisionId: fc.option(wellFormed, { nil: undefined }),
};

const reads: fc.Arbitrary<Read> = fc.oneof(
  fc.record({ ...operation('GetJob'), awsJobId: id }),
  fc.record({ ...operation('ListJobs'), ...page, ...filter }),
  fc.record({ ...operation('GetDataSet'), ...ofDataSet }),
  fc.record({ ...operation('ListDataSets'), ...page, origin }),
  fc.record({ ...operation('GetRevision'), ...ofRevision }),
  fc.record({ ...operation('ListDataSetRevisions'), ...ofDataSet, ...page }),
  fc.record({ ...operation('GetAsset'), ...ofAsset }),
  fc.record({ ...operation('ListRevisionAssets'), ...ofRevision, ...page }),
);

const keys = fc.record(
  {
    accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/),
    secretAccessKey: fc.string({ minLength: 1 }),
    sessionToken: text,
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);
const instants = fc.date({ min: new Date('2010-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

function commandOf(read: Read) {
  const pageOf = ({ limit, nextToken }: { limit: number; nextToken?: string | undefined }) => ({
    MaxResults: limit,
    NextToken: nextToken,
  });
  switch (read.operation) {
    case 'GetJob':
      return new GetJobCommand({ JobId: read.awsJobId });
    case 'ListJobs':
      return new ListJobsCommand({ ...pageOf(read), DataSetId: read.dataSetId, RevisionId: read.revisionId });
    case 'GetDataSet':
      return new GetDataSetCommand({ DataSetId: read.awsDataSetId });
    case 'ListDataSets':
      return new ListDataSetsCommand({ ...pageOf(read), Origin: read.origin });
    case 'GetRevision':
      return new GetRevisionCommand({ DataSetId: read.awsDataSetId, RevisionId: read.awsRevisionId });
    case 'ListDataSetRevisions':
      return new ListDataSetRevisionsCommand({ ...pageOf(read), DataSetId: read.awsDataSetId });
    case 'GetAsset':
      return new GetAssetCommand({
        DataSetId: read.awsDataSetId,
        RevisionId: read.awsRevisionId,
        AssetId: read.awsAssetId,
      });
    case 'ListRevisionAssets':
      return new ListRevisionAssetsCommand({
        ...pageOf(read),
        DataSetId: read.awsDataSetId,
        RevisionId: read.awsRevisionId,
      });
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test.each(endpoints)('Each read in $region at $endpoint is written and signed as by the SDK', async (options) => {
  const sign = createSigner(options);
  const sdk = createSdk(options);
  await fc.assert(
    fc.asyncProperty(reads, keys, instants, async (read, key, at) => {
      const ours = await sign(read, key, at);
      const id = ours.headers['amz-sdk-invocation-id'] ?? '';
      expect(id).toMatch(uuid);

      const unsent = await sdk.unsent(commandOf(read));
      unsent.headers['amz-sdk-invocation-id'] = id;
      const scope = { service: 'dataexchange', region: options.region ?? '', credentials: key };
      const signer = new SignatureV4({ ...scope, sha256: Hash.bind(null, 'sha256') });
      const theirs = await signer.sign(unsent, { signingDate: at });

      expect(ours.method).toBe(theirs.method);
      expect({ ...ours.headers }).toEqual({ ...theirs.headers });
      const { protocol, hostname, port, path, query } = unsent;
      const url = new URL(ours.url);
      expect(ours.url).toContain(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
      expect(Object.fromEntries(queryPairs(url.search))).toEqual({ ...query });
      expect(ours.body).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

/** By RFC 3986, where `+` is no space. */
function queryPairs(search: string): readonly (readonly [string, string])[] {
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const [name = '', value = ''] = pair.split('=').map(decodeURIComponent);
    return [name, value];
  });
}

test('The SDK writes each kind of read once, and no two requests have the same id', async () => {
  const client = await import('@aws-sdk/client-dataexchange');
  const send = vi.spyOn(client.DataExchangeClient.prototype, 'send');
  const sign = createSigner({ region: 'us-east-1' });
  const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const ids = new Set<string | undefined>();
  for (const awsJobId of ['a', 'b', 'c']) {
    const { headers } = await sign({ operation: 'GetJob', effect: 'read', awsJobId }, key, new Date());
    ids.add(headers['amz-sdk-invocation-id']);
  }
  for (const limit of [1, 2]) await sign({ operation: 'ListJobs', effect: 'read', limit }, key, new Date());
  expect(send.mock.calls.length).toBe(2);
  expect(ids.size).toBe(3);
  send.mockRestore();
});

test('A template that could not be made is requested again', async () => {
  const { unsent } = createSdk({ region: 'us-east-1' });
  const { createReadWriter } = await import('../../../../src/backends/data-exchange/read-template.ts');
  let requests = 0;
  const write = createReadWriter({
    unsent: async (command) => {
      requests += 1;
      if (requests === 1) throw new Error('Region is missing');
      return unsent(command);
    },
  });
  const read = { operation: 'GetJob', effect: 'read', awsJobId: 'a' } as const;
  await expect(write(read)).rejects.toThrow('Region is missing');
  await expect(write(read)).resolves.toMatchObject({ path: '/v1/jobs/a' });
  await write(read);
  expect(requests).toBe(2);
});
