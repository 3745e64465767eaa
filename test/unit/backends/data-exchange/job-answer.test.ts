import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import type { DataExchangeJob } from '../../../../src/model/data-exchange-job.ts';
import { secretsByForm, shownIn } from '../../../support/planted-secrets.ts';
import { revealed } from '../../../support/revealed.ts';
import { assetId, dataSetId, jobEntry, jobId, revision, revisionId } from './samples.ts';
import { patiently, startRawService, startService } from './service.ts';

let warnings: MockInstance;

beforeEach(() => {
  warnings = vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(() => {
  expect(warnings).not.toHaveBeenCalled();
});

const badResponse = { code: 'UPSTREAM_BAD_RESPONSE', fault: 'service' };

test('A job is read into the names of the model', async () => {
  expect(
    await jobFrom(jobEntry({ State: 'ERROR', Errors: [{ Code: 'MALWARE_DETECTED', Message: 'm' }] })),
  ).toMatchInlineSnapshot(`
    {
      "arn": "arn:aws:dataexchange:us-east-1:123456789012:jobs/6c25f0a4d8b74e1390ab7d52e86c1f94",
      "awsJobId": "6c25f0a4d8b74e1390ab7d52e86c1f94",
      "createdAt": 2024-03-01T09:30:00.125Z,
      "details": {
        "awsJobId": "6c25f0a4d8b74e1390ab7d52e86c1f94",
        "dataSetId": "4e1b6a0d29c84f7b9a35d0c1e8f26b73",
        "revisionId": "c07d5f92e6a14b3890d2f4816b7ae35c",
        "sources": [
          {
            "bucket": "example-bucket",
            "key": "a.csv",
          },
        ],
        "type": "IMPORT_ASSETS_FROM_S3",
      },
      "errors": [
        {
          "assetName": null,
          "code": "MALWARE_DETECTED",
          "hint": "Malware was found in a file of the job.",
          "limit": null,
          "message": "m",
          "resource": null,
          "sources": [],
        },
      ],
      "service": "DATA_EXCHANGE",
      "state": "FAILED",
      "stateCode": "ERROR",
      "type": "IMPORT_ASSETS_FROM_S3",
      "typeCode": "IMPORT_ASSETS_FROM_S3",
      "updatedAt": 2024-03-01T09:30:41.870Z,
    }
  `);
});

test.each([
  ['garbage', 'garbage'],
  ['HTML', '<html></html>'],
  ['nothing', ''],
  ['null', 'null'],
  ['[]', '[]'],
  ['{}', '{}'],
  ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
])('An answer of %s with 200 is a bad response of every read', async (_, body) => {
  const { client } = await startService(() => ({ body }));
  await expect(client.getJob(jobId, patiently())).rejects.toMatchObject(badResponse);
  await expect(client.listJobs({ limit: 1 }, patiently())).rejects.toMatchObject(badResponse);
});

test.each([
  ['a number for the id', { Id: 5 }],
  ['a number beyond all years for an instant', { CreatedAt: 1e300 }],
  ['text for an instant', { UpdatedAt: 'yesterday' }],
  ['no state', { State: undefined }],
  ['null for the type', { Type: null }],
  ['HTML for the state', { State: '<b>WAITING</b>' }],
])('A job with %s is a bad response, in a page only for its entry, and nothing is printed', async (_, change) => {
  const entry = jobEntry(change);
  await expect(jobFrom(entry)).rejects.toMatchObject(badResponse);
  const { jobs, unreadable } = await pageFrom([jobEntry(), entry]);
  expect(jobs).toHaveLength(1);
  expect(unreadable).toMatchObject([{ before: 1, error: badResponse }]);
});

test('A state that the gateway does not know leaves the job readable', async () => {
  const { jobs } = await pageFrom([jobEntry({ State: 'PAUSED' }), jobEntry()]);
  expect(jobs.map(({ state, stateCode }) => [state, stateCode])).toEqual([
    ['UNKNOWN', 'PAUSED'],
    ['WAITING', 'WAITING'],
  ]);
});

test.each(['IMPORT_FROM_MOON', 'constructor', 'toString'])(
  'The unknown type %s leaves the job readable, without details',
  async (type) => {
    const { jobs } = await pageFrom([jobEntry({ Type: type, Details: { ImportFromMoon: {} } })]);
    expect(jobs).toMatchObject([{ type: 'UNKNOWN', typeCode: type, details: null, state: 'WAITING' }]);
  },
);

test.each([
  ['__proto__ among the members', `{"__proto__":{"isAdmin":true},${JSON.stringify(jobEntry()).slice(1)}`],
  ['200 levels', JSON.stringify(jobEntry()).replace('{', `{"New":${'['.repeat(200)}${']'.repeat(200)},`)],
  ['a million errors', JSON.stringify(jobEntry({ Errors: Array(1_000_000).fill(0) }))],
  ['more than 2 MiB', JSON.stringify(jobEntry({ New: 'x'.repeat(2 * 1024 * 1024) }))],
])('An answer with %s is a bad response and pollutes nothing', async (_, body) => {
  await expect(jobFrom(body)).rejects.toMatchObject(badResponse);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test('Of a failed job the text of the service is kept, with a hint of ours', async () => {
  const Message =
    'An error occurred (403) when calling the GetObject operation: Forbidden for bucket example, key a.csv';
  const job = await jobFrom(jobEntry({ Errors: [{ Code: 'ACCESS_DENIED_EXCEPTION', Message }] }));
  expect(job.errors).toEqual([
    {
      code: 'ACCESS_DENIED_EXCEPTION',
      message: Message,
      hint: 'AWS Data Exchange was denied access to something that the job needs.',
      limit: null,
      resource: null,
      assetName: null,
      sources: [],
    },
  ]);
});

async function messageOf(Message: unknown): Promise<string | undefined> {
  const job = await jobFrom(jobEntry({ Errors: [{ Code: 'VALIDATION_EXCEPTION', Message }] }));
  return job.errors[0]?.message;
}

test('The text about a failed job contains no secret that has a form, wherever it stands', async () => {
  for (const secret of secretsByForm)
    for (const text of [secret.value, `Cannot use ${secret.value}, so gave up.`]) {
      const message = await messageOf(text);
      expect([secret.kind, shownIn(message ?? '', [secret])]).toEqual([secret.kind, []]);
    }
});

test('Half a secret at the end of what is scrubbed is not shown', async () => {
  const cut = `password=${'x'.repeat(3_960)} ${'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01'}`;
  expect(await messageOf(cut)).toBe('[secret]');
});

test.each(['a', 'é', '😀', ' a', '\u0001'])(
  'A text of many %j is cut to 1,000 characters, between two of them',
  async (part) => {
    const message = (await messageOf(part.repeat(20_000))) ?? '';
    expect(message.length).toBeLessThanOrEqual(1_000);
    expect(message).not.toMatch(/[\uD800-\uDBFF](?:…|$)/);
  },
);

test.each([undefined, null, '', '  ', 5, ['x']])(
  'Without a readable text, such as %j, a failed job says so',
  async (Message) => {
    expect(await messageOf(Message)).toBe('AWS Data Exchange gave no reason.');
  },
);

test('The limit, the resource, the asset and the sources of a failed job are kept', async () => {
  const limit = { LimitName: 'Asset size in GB', LimitValue: 100 };
  const resource = { ResourceId: revisionId, ResourceType: 'REVISION' };
  const Details = {
    ImportAssetFromSignedUrlJobErrorDetails: { AssetName: 'a.csv' },
    ImportAssetsFromS3JobErrorDetails: [{ Bucket: 'example', Key: 'a.csv' }],
  };
  const job = await jobFrom(
    jobEntry({ Errors: [{ Code: 'VALIDATION_EXCEPTION', Message: '', ...limit, ...resource, Details }] }),
  );
  expect(job.errors[0]).toMatchObject({
    limit: { name: 'Asset size in GB', value: 100 },
    resource: { id: revisionId, type: 'REVISION' },
    assetName: 'a.csv',
    sources: [{ bucket: 'example', key: 'a.csv' }],
  });
});

const awsUrl = 'https://example.s3.amazonaws.com/a?X-Amz-Signature=0';

test.each([
  awsUrl,
  'https://example.s3.cn-north-1.amazonaws.com.cn/a',
  'http://127.0.0.1:4566/upload',
  'http://localhost:4566/upload',
])('The signed URL %s is accepted', async (url) => {
  expect(revealed(await signedUrlFrom(url))).toEqual({ url, expiresAt: new Date('2024-03-01T09:31:00Z') });
});

test.each([
  ['http:', 'http://example.s3.amazonaws.com/a'],
  ['another host', 'https://amazonaws.com.example/a'],
  ['a host that ends like AWS', 'https://evilamazonaws.com/a'],
  ['javascript:', 'javascript:alert(1)'],
  ['no URL', '///'],
  ['a megabyte', `${awsUrl}&${'x'.repeat(1_000_000)}`],
])('A signed URL with %s is null', async (_, url) => {
  expect(await signedUrlFrom(url)).toBeNull();
});

test('A signed URL without its expiry, or none at all, is null', async () => {
  expect(await signedUrlFrom(awsUrl, null)).toBeNull();
  expect(await signedUrlFrom(null)).toBeNull();
});

test('Signed URLs in a list are not read, as they may be stale', async () => {
  const { jobs } = await pageFrom([exportEntry(awsUrl)]);
  expect(jobs[0]?.details).not.toHaveProperty('signedUrl');
});

test('CreateJob answered 201 without a body has an unknown outcome and is not repeated', async () => {
  const { client, requests } = await startService(() => ({ status: 201 }));
  const request = { exportAssetToSignedUrl: { dataSetId, revisionId, assetId } };
  await expect(client.createJob(request, patiently())).rejects.toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    isOutcomeUnclear: true,
  });
  expect(requests).toHaveLength(1);
});

test('Bodies of StartJob and CancelJob do no harm, not even to the next call', async () => {
  // Node's own server writes no body after a 204, so these answers are written by hand.
  const answers = new Map([
    ['PATCH', 'HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\njunk'],
    ['DELETE', 'HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\njunk'],
    ['GET', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(JSON.stringify(jobEntry()))}`],
  ]);
  const { client } = await startRawService((request) => answers.get(request.split(' ')[0] ?? '') ?? '');
  await client.startJob(jobId, patiently());
  await expect(client.getJob(jobId, patiently())).resolves.toMatchObject({ awsJobId: jobId });
  await client.cancelJob(jobId, patiently());
  await expect(client.getJob(jobId, patiently())).resolves.toMatchObject({ awsJobId: jobId });
});

test('An answer about another job is refused', async () => {
  const { client } = await startService(() => ({ body: jobEntry() }));
  await expect(client.getJob(jobId.replace('6', '7'), patiently())).rejects.toMatchObject(badResponse);
});

test('The last page has no token, whether the member is absent, null or empty', async () => {
  for (const NextToken of [undefined, null, '']) {
    const { client } = await startService(() => ({ body: { Jobs: [], NextToken } }));
    const page = await client.listJobs({ limit: 1 }, patiently());
    expect(page).toEqual({ jobs: [], nextToken: null });
  }
});

async function jobFrom(body: unknown): Promise<DataExchangeJob> {
  const { client } = await startService(() => ({ body }));
  return client.getJob(jobId, patiently());
}

async function pageFrom(jobs: readonly unknown[]) {
  const { client } = await startService(() => ({ body: { Jobs: jobs } }));
  return client.listJobs({ limit: 200 }, patiently());
}

function exportEntry(url: string | null, expiresAt: string | null = '2024-03-01T09:31:00Z') {
  const details = { ...revision, AssetId: assetId, SignedUrl: url, SignedUrlExpiresAt: expiresAt };
  return jobEntry({ Type: 'EXPORT_ASSET_TO_SIGNED_URL', Details: { ExportAssetToSignedUrl: details } });
}

async function signedUrlFrom(...args: Parameters<typeof exportEntry>) {
  const { details } = await jobFrom(exportEntry(...args));
  return details && 'signedUrl' in details ? details.signedUrl : undefined;
}

function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}
