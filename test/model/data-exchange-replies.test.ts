/** A damaged answer of AWS Data Exchange is read exactly, or refused. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BackendError } from '../../src/model/errors.ts';
import { revealed } from '../support/revealed.ts';
import { assetId, importRequest, jobEntry, jobId, revision } from '../unit/backends/data-exchange/samples.ts';
import { clientAt, patiently } from '../unit/backends/data-exchange/service.ts';
import { vectorFile } from '../unit/backends/data-exchange/vectors.ts';
import { exceptionIn, jobModelOf, pageModelOf } from './data-exchange-oracle.ts';
import { mutantOf } from './mutants.ts';
import { replyRuns } from './runs.ts';

const url = 'https://example.s3.us-east-1.amazonaws.com/a.csv?X-Amz-Expires=60&X-Amz-Signature=0a1b';
const urlExpiresAt = '2024-03-01T09:31:00.125Z';

/** Members that answers add to requests (API reference, `ResponseDetails`). */
const additions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ExportAssetToSignedUrl: { SignedUrl: url, SignedUrlExpiresAt: urlExpiresAt },
  ExportRevisionsToS3: { EventActionArn: 'arn:aws:dataexchange:us-east-1:123456789012:event-actions/1' },
  ImportAssetFromApiGatewayApi: { ApiSpecificationUploadUrl: url, ApiSpecificationUploadUrlExpiresAt: urlExpiresAt },
  ImportAssetFromSignedUrl: { SignedUrl: url, SignedUrlExpiresAt: urlExpiresAt },
};

/** A job of each type, made from the recorded requests, and one that has failed. */
const entries = vectorFile.vectors.flatMap(({ body }) => {
  if (body === null) return [];
  const [[member = '', details] = []] = Object.entries(body.Details);
  return [jobEntry({ Type: body.Type, Details: { [member]: { ...Object(details), ...additions[member] } } })];
});
const errors = [
  { Code: 'ACCESS_DENIED_EXCEPTION', Message: 'no access', ResourceId: assetId, ResourceType: 'ASSET' },
  {
    Code: 'VALIDATION_EXCEPTION',
    Message: 'too large',
    LimitName: 'Asset size in GB',
    LimitValue: 100,
    Details: {
      ImportAssetFromSignedUrlJobErrorDetails: { AssetName: 'a.csv' },
      ImportAssetsFromS3JobErrorDetails: [{ Bucket: 'example', Key: 'a.csv' }],
    },
  },
];
const failed = jobEntry({ State: 'ERROR', Errors: errors });

interface Answer {
  readonly operation: 'CreateJob' | 'GetJob' | 'ListJobs';
  readonly status: number;
  readonly body: unknown;
}

const answers: readonly Answer[] = [
  ...[...entries, failed].map((body): Answer => ({ operation: 'GetJob', status: 200, body })),
  ...entries.slice(0, 3).map((body): Answer => ({ operation: 'CreateJob', status: 201, body })),
  { operation: 'ListJobs', status: 200, body: { Jobs: [failed, ...entries], NextToken: 'to/k+en==' } },
  { operation: 'ListJobs', status: 200, body: { Jobs: [] } },
  { operation: 'GetJob', status: 404, body: { __type: 'ResourceNotFoundException', Message: 'planted', ...revision } },
  { operation: 'CreateJob', status: 409, body: { code: 'a.b#ConflictException:http://c/', Message: 'planted' } },
];

const json = {
  pieces: ['{', '}', '[', ']', ',', ':', '"', '\\', '\\u0041', '\\ud800', 'null', '0', '1e999', 'é', '\n', '\u0000'],
  parts: [
    { pattern: /"\w+"(?=:)/g, foreign: ['"Id"', '"State"', '"Unknown"', '"__proto__"', '"constructor"'] },
    {
      pattern: /(?<=:)(?:"[^"]*"|\d+)/g,
      foreign: ['null', '5', '""', '[]', '{}', '"x"', '"PAUSED"', '"2024-02-30T00:00:00Z"', '"2024-03-01T09:30+02:00"'],
    },
    {
      pattern: /(?<=Url":)"[^"]*"/g,
      foreign: ['http', 'https', 'javascript']
        .map((scheme) => JSON.stringify(url.replace('https', scheme)))
        .concat([
          '"https://amazonaws.com.example/a"',
          '"https://example.s3.amazonaws.com/a\\n.b"',
          '"https:\\\\\\\\example.s3.amazonaws.com/a"',
          '"https://user@example.s3.amazonaws.com/a"',
          '" https://example.s3.amazonaws.com/a"',
        ]),
    },
    { pattern: /"\w+":(?:"[^"]*"|\d+),/g, foreign: ['"Unknown":{"a":[1]},', ''] },
  ],
};

function answerTo({ operation, status }: Answer, body: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const client = clientAt('https://dataexchange.us-east-1.amazonaws.com', {
    transport: async () => new Response(body, { status }),
  });
  if (operation === 'CreateJob') return client.createJob(importRequest, patiently());
  if (operation === 'ListJobs') return client.listJobs({ limit: 200 }, patiently());
  return client.getJob(jobId, patiently());
}

function bytesOf({ body }: Answer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(JSON.stringify(body)));
}

function expectExact({ operation }: Answer, model: unknown, bytes: Uint8Array): void {
  const read = withoutPaths(revealed(model));
  expect(read).toEqual(operation === 'ListJobs' ? pageModelOf(bytes) : jobModelOf(bytes));
}

/** The number of null members shows what was emptied. */
function withoutPaths(model: unknown): unknown {
  if (typeof model !== 'object' || model === null) return model;
  if ('jobs' in model && Array.isArray(model.jobs)) return { ...model, jobs: model.jobs.map(withoutPaths) };
  if (!('awsJobId' in model) || !('unreadable' in model)) return model;
  const { unreadable, ...job } = model;
  expect(unreadable).toEqual(expect.arrayContaining([expect.any(String)]));
  return job;
}

const answerAndMutant = fc
  .constantFrom(...answers)
  .chain((answer) => fc.tuple(fc.constant(answer), mutantOf(bytesOf(answer), json)));

test('the two readers agree on an answer of every kind', async () => {
  for (const answer of answers.filter(({ status }) => status < 300)) {
    expectExact(answer, await answerTo(answer, bytesOf(answer)), bytesOf(answer));
  }
});

test('a damaged answer is read as the exact model or as a BackendError', { timeout: 900_000 }, async () => {
  let exact = 0;
  await fc.assert(
    fc.asyncProperty(answerAndMutant, async ([answer, { bytes }]) => {
      const outcome = await answerTo(answer, bytes).then(
        (model) => ({ model }),
        (error: unknown) => ({ error }),
      );
      if ('error' in outcome) return expectFailureOfOurs(answer, outcome.error, bytes);
      expectExact(answer, outcome.model, bytes);
      exact += 1;
    }),
    { numRuns: replyRuns },
  );
  expect(exact).toBeGreaterThan(replyRuns / 10);
});

/** An unreadable answer, a create that may have happened, or a refusal with the name in its body. */
function expectFailureOfOurs({ status }: Answer, error: unknown, bytes: Uint8Array): void {
  if (!(error instanceof BackendError)) throw error;
  // The name in a suspicious body may be ignored: the status is enough.
  if (status >= 400) expect([undefined, exceptionIn(bytes)]).toContain(error.awsCode);
  else expect(['OUTCOME_UNKNOWN', 'UPSTREAM_BAD_RESPONSE']).toContain(error.code);
  expect(error.message).not.toMatch(/planted|example|X-Amz|6c25f0a4/);
}
