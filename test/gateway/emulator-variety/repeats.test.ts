/** Jobs are repeated from whatever forms the service gives their details. */
import { expect } from 'vitest';
import { dataExchangeDetails } from '../../support/examples.ts';
import { field } from '../../support/gateway.ts';
import { seeded, startVaried } from './variety-gateway.ts';

const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id type } } }`;

const repeat = `mutation ($id: ID!) {
  repeatDataExchangeJob(id: $id) { job { type state } userErrors { code field parameters { value } } } }`;

/** What a reply may leave out, and a request must have. */
const optionalInReplies = [
  'importAssetFromApiGatewayApi.apiName',
  'importAssetFromApiGatewayApi.specificationMd5Hash',
  'importAssetFromSignedUrl.md5Hash',
];

seeded('a repeated job is created, or refused by the field that the service does not show', async (seed) => {
  const { ask } = await startVaried(seed);
  const outcomes = await Promise.all(
    Object.entries(dataExchangeDetails).map(async ([type, details]) => {
      const { data } = await ask(create, { input: { details } });
      const { job } = field<{ job: { id: string } }>(data, 'createDataExchangeJob');
      const { data: repeated, errors } = await ask(repeat, { id: job.id });
      expect(errors).toBeUndefined();
      return [type, field(repeated, 'repeatDataExchangeJob')] as const;
    }),
  );
  for (const [type, payload] of outcomes) {
    const missing = { value: expect.toSatisfy((value: string) => optionalInReplies.includes(value)) };
    const refused = { job: null, userErrors: [{ code: 'NOT_REPEATABLE', field: ['id'], parameters: [missing] }] };
    const isRefused = field<unknown>(payload as Record<string, unknown>, 'job') === null;
    expect([type, payload]).toEqual([type, isRefused ? refused : { job: { type, state: 'WAITING' }, userErrors: [] }]);
  }
});
