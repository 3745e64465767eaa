/** A damaged reply of AWS Import/Export is read exactly, or refused. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BackendError } from '../../src/model/errors.ts';
import { revealed } from '../support/revealed.ts';
import {
  address,
  clientAnswering,
  importToS3,
  newJob,
  uninterrupted,
} from '../unit/backends/import-export/fixtures.ts';
import { type ReplyVector, replyVectors } from '../unit/backends/import-export/vectors.ts';
import { exceptionIn, modelOf } from './import-export-oracle.ts';
import { mutantOf } from './mutants.ts';
import { replyRuns } from './runs.ts';

const xml = {
  pieces: [
    '<',
    '>',
    '/>',
    '&amp;',
    '&#x41;',
    '&',
    ']]>',
    '<![CDATA[x]]>',
    '<!-- x -->',
    '<?x y?>',
    '<JobId>AAAAA</JobId>',
    '<a b="c" d=\'e\'/>',
    '<!DOCTYPE a>',
    '\r\n',
    'é',
    '\u0000',
    '<member>',
    '</member>',
  ],
  parts: [
    { pattern: /(?<=<\/?)\w+/g, foreign: ['JobId', 'x:JobId', 'member', '__proto__', 'constructor', 'Unknown'] },
    { pattern: /(?<=>)[^<>\s][^<>]*(?=<)/g, foreign: ['', '00123', '1E5', 'true', 'Expired', 'é &lt; &#233;', '<a/>'] },
    { pattern: /<(\w+)>[^<]*<\/\1>/g, foreign: ['<JobId>AAAAA</JobId>', '<Unknown>x</Unknown>', '<Carrier/>', ''] },
    { pattern: /<member>.*?<\/member>/g, foreign: ['<member/>', '<member>x</member>', ''] },
  ],
};

type Client = ReturnType<typeof clientAnswering>['client'];

/** `awsJobId` is that of the undamaged reply. */
const calls: Readonly<Record<string, (client: Client, awsJobId: string) => Promise<unknown>>> = {
  CancelJob: (client, awsJobId) => client.cancelJob(awsJobId, uninterrupted),
  CreateJob: (client) => client.createJob(newJob, uninterrupted),
  GetShippingLabel: (client, awsJobId) =>
    client.getShippingLabel({ awsJobIds: [awsJobId], sender: address }, uninterrupted),
  GetStatus: async (client, awsJobId) => ({
    status: await client.getStatus(awsJobId, uninterrupted),
    documents: await client.getDocuments(awsJobId, uninterrupted),
  }),
  ListJobs: (client) => client.listJobs({ limit: 1_000 }, uninterrupted),
  UpdateJob: (client, awsJobId) =>
    client.updateJob(awsJobId, { manifest: { importToS3 }, validateOnly: false }, uninterrupted),
};

/** An error reply answers any operation; GetStatus is the most frequent. */
function answerTo(vector: ReplyVector, bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const { client } = clientAnswering(bytes, { status: vector.httpStatus });
  const operation = vector.operation ?? 'GetStatus';
  const awsJobId = String(vector.expected.result?.['JobId'] ?? '53TX4');
  const call = calls[operation] ?? calls['GetStatus'];
  return call ? call(client, awsJobId) : Promise.reject(new Error(`no call for ${operation}`));
}

const vectorAndMutant = fc
  .constantFrom(...replyVectors)
  .chain((vector) => fc.tuple(fc.constant(vector), mutantOf(Buffer.from(vector.body), xml)));

test('the two readers agree on every recorded reply', async () => {
  for (const vector of replyVectors.filter(({ expected }) => expected.result)) {
    const bytes = Uint8Array.from(Buffer.from(vector.body));
    expect(revealed(await answerTo(vector, bytes))).toEqual(modelOf(vector.operation, bytes));
  }
});

test('a damaged reply is read as the exact model or as a BackendError', { timeout: 900_000 }, async () => {
  let exact = 0;
  await fc.assert(
    fc.asyncProperty(vectorAndMutant, async ([vector, { bytes }]) => {
      const outcome = await answerTo(vector, bytes).then(
        (model) => ({ model }),
        (error: unknown) => ({ error }),
      );
      if ('error' in outcome) return expectFailureOfOurs(outcome.error, bytes);
      expect(withoutPaths(revealed(outcome.model))).toEqual(modelOf(vector.operation, bytes));
      exact += 1;
    }),
    { numRuns: replyRuns },
  );
  // Without accepted replies the property would hold for a gateway that refuses everything.
  expect(exact).toBeGreaterThan(replyRuns / 50);
});

/** The number of null members shows what was emptied. */
function withoutPaths(model: unknown): unknown {
  if (typeof model !== 'object' || model === null || !('status' in model)) return model;
  const { unreadable: _, ...status } = { unreadable: undefined, ...Object(model.status) };
  return { ...model, status };
}

/** An unreadable reply; a create that may have happened; `Success` that is false; an exception, by its name. */
function expectFailureOfOurs(error: unknown, bytes: Uint8Array): void {
  if (!(error instanceof BackendError)) throw error;
  if (error.awsCode !== undefined) {
    expect(error.awsCode).toBe(exceptionIn(bytes));
    return;
  }
  expect(['OUTCOME_UNKNOWN', 'UPSTREAM_BAD_RESPONSE', 'UPSTREAM_REJECTED']).toContain(error.code);
  expect(error.message).not.toMatch(/53TX4|Jane|Roe|HmacSHA1|password/);
}
