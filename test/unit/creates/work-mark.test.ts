/** The marks by which a job is recognised, for each of the nine types. */
import { expect, test } from 'vitest';
import { createFingerprint } from '../../../src/creates/fingerprint.ts';
import { markOfReply, markOfRequest, matchOf, type WorkMark } from '../../../src/creates/work-mark.ts';
import type { DataExchangeJobRequest } from '../../../src/model/data-exchange-request.ts';
import { CreatesHarness } from '../../support/creates/creates-harness.ts';
import { dataExchangeDetails } from '../../support/examples.ts';

const fingerprint = createFingerprint(new Uint8Array(32));

function mark(request: DataExchangeJobRequest): WorkMark {
  const mark = markOfRequest(request, fingerprint);
  if (mark === undefined) throw new Error('expected a request with a member');
  return mark;
}

test.each(Object.entries(dataExchangeDetails))(
  'the mark of a listed %s matches its own request only',
  async (_type, given) => {
    const harness = new CreatesHarness();
    const request: DataExchangeJobRequest = given;
    await harness.finish(harness.dataExchange({ details: request }));
    const [job] = await harness.dataExchangeJobs();
    if (!job?.details) throw new Error('expected the job and its details');
    const shown = markOfReply(job.details, fingerprint);
    for (const other of Object.values(dataExchangeDetails)) {
      expect(matchOf(mark(other), shown) !== 'different').toBe(other === given);
    }
  },
);

test('members that no reply repeats make no difference, nor does a default that is written out', () => {
  const api = dataExchangeDetails.IMPORT_ASSET_FROM_API_GATEWAY_API.importAssetFromApiGatewayApi;
  const requested = mark({ importAssetFromApiGatewayApi: api });
  expect(mark({ importAssetFromApiGatewayApi: { ...api, apiKey: 'secret', apiDescription: null } })).toEqual(requested);
  const { exportRevisionsToS3 } = dataExchangeDetails.EXPORT_REVISIONS_TO_S3;
  const exportOf = (keyPattern: string | null): WorkMark => {
    const destinations = exportRevisionsToS3.destinations.map((destination) => ({ ...destination, keyPattern }));
    return mark({ exportRevisionsToS3: { ...exportRevisionsToS3, destinations } });
  };
  expect(exportOf(null)).toEqual(exportOf(`\${Asset.Name}`));
  expect(matchOf(exportOf(null), exportOf(`\${Asset.Id}`))).toBe('different');
});

const { exportAssetsToS3 } = dataExchangeDetails.EXPORT_ASSETS_TO_S3;

/** An export of one asset to several keys. */
function exportTo(keys: readonly (string | null)[]): WorkMark {
  const [destination] = exportAssetsToS3.destinations;
  const destinations = keys.map((key) => ({ ...destination, key }));
  return mark({ exportAssetsToS3: { ...exportAssetsToS3, destinations } });
}

test.each([
  [['a', 'b'], ['b', 'a'], 'same'],
  [['a', null], ['b', 'a'], 'same'],
  [['a', 'b'], [null, 'b'], 'possible'],
  [['a', 'b'], [null, null], 'possible'],
  [['a', 'b'], ['a', 'c'], 'different'],
  [['a', 'a'], ['a', 'b'], 'different'],
  [['a', null], ['b', 'c'], 'different'],
  [['a'], ['a', 'a'], 'different'],
])('an export to %j compared with one that shows %j is %s', (requested, shown, expected) => {
  expect(matchOf(exportTo(requested), exportTo(shown))).toBe(expected);
});

test('a mark depends on the key and on the order of lists, not on the order of members', () => {
  expect(fingerprint({ a: 1, b: [1, 2], c: null })).toBe(fingerprint({ b: [1, 2], a: 1 }));
  expect(fingerprint({ b: [2, 1] })).not.toBe(fingerprint({ b: [1, 2] }));
  expect(createFingerprint(new Uint8Array(32).fill(1))({ a: 1 })).not.toBe(fingerprint({ a: 1 }));
});
