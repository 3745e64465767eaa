/** Data Exchange may answer 404 for a job for some seconds after it was created. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';

const create = `mutation { createDataExchangeJob(input: { start: true, details: { importAssetsFromS3: {
  dataSetId: "da7a0000000000000000000000000001", revisionId: "de710000000000000000000000000001"
  sources: [{ bucket: "waybill-demo-source", key: "prices/2024/03.csv" }]
} } }) { job { id state } userErrors { code } } }`;

const read = 'query ($id: ID!) { job(id: $id) { state } }';

test('a job that this gateway created is found right after its create, though the service does not know it yet', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.fail('DataExchange.GetJob', { status: 404 }, 2);
  const { data, errors } = await ask(create);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    createDataExchangeJob: { job: { id: expect.any(String), state: 'IN_PROGRESS' }, userErrors: [] },
  });
  const { job } = (data as { createDataExchangeJob: { job: { id: string } } }).createDataExchangeJob;
  await emulator.fail('DataExchange.GetJob', { status: 404 }, 2);
  expect(await ask(read, { id: job.id })).toEqual({ data: { job: { state: 'IN_PROGRESS' } } });
});

test('a job that this gateway did not create is read once', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.forgetRequests();
  const id = globalId('DataExchangeJob', 'f'.repeat(32));
  expect((await ask(read, { id })).data).toEqual({ job: null });
  expect(await emulator.requests()).toEqual({ 'DataExchange.GetJob': 1 });
});
