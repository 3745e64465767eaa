/** Whether a job is known again by what was asked for, for each of the nine types. */
import { expect, test } from 'vitest';
import { createFingerprint } from '../../src/creates/fingerprint.ts';
import { requestedWork, workOf } from '../../src/creates/requested-work.ts';
import type { DataExchangeJobRequest } from '../../src/job-request.ts';
import { World } from '../cases/i/world.ts';
import { dataExchangeDetails } from '../support/examples.ts';

const fingerprint = createFingerprint(new Uint8Array(32));

test.each(Object.entries(dataExchangeDetails))(
  '%s is known again in a list, and by nothing else',
  async (_type, given) => {
    const world = new World();
    const request: DataExchangeJobRequest = given;
    await world.finish(world.dataExchange({ details: request }));
    const [job] = await world.dataExchangeJobs();
    if (!job?.details) throw new Error('expected the job and its details');
    const mark = fingerprint(requestedWork(request));
    expect(fingerprint(workOf(job.details))).toBe(mark);
    for (const other of Object.values(dataExchangeDetails)) {
      if (other !== given) expect(fingerprint(requestedWork(other))).not.toBe(mark);
    }
  },
);

test('what no answer repeats makes no difference, and what one may leave out does not either', () => {
  const api = dataExchangeDetails.IMPORT_ASSET_FROM_API_GATEWAY_API.importAssetFromApiGatewayApi;
  const mark = (request: DataExchangeJobRequest) => fingerprint(requestedWork(request));
  expect(mark({ importAssetFromApiGatewayApi: { ...api, apiKey: 'secret', apiDescription: null } })).toBe(
    mark({ importAssetFromApiGatewayApi: api }),
  );
  const { exportRevisionsToS3 } = dataExchangeDetails.EXPORT_REVISIONS_TO_S3;
  const destinations = exportRevisionsToS3.destinations.map(({ keyPattern: _, ...rest }) => rest);
  const spelled = destinations.map((destination) => ({ ...destination, keyPattern: `\${Asset.Name}` }));
  expect(mark({ exportRevisionsToS3: { ...exportRevisionsToS3, destinations } })).toBe(
    mark({ exportRevisionsToS3: { ...exportRevisionsToS3, destinations: spelled } }),
  );
});

test('a mark depends on the key, on the order of lists, and not on the order of members', () => {
  expect(fingerprint({ a: 1, b: [1, 2], c: null })).toBe(fingerprint({ b: [1, 2], a: 1 }));
  expect(fingerprint({ b: [2, 1] })).not.toBe(fingerprint({ b: [1, 2] }));
  expect(createFingerprint(new Uint8Array(32).fill(1))({ a: 1 })).not.toBe(fingerprint({ a: 1 }));
});
