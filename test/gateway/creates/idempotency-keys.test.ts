/** Valid and invalid idempotency keys, and creates without one. */
import { expect, test } from 'vitest';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';

const creates = [
  {
    service: 'Data Exchange',
    name: 'createDataExchangeJob',
    operation: 'DataExchange.CreateJob',
    // The repeat reads the job as it is now.
    callsOfTwo: { 'DataExchange.CreateJob': 1, 'DataExchange.GetJob': 1 },
    query:
      'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } userErrors { code field } } }',
    input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 },
  },
  {
    service: 'Import/Export',
    name: 'createImportExportJob',
    operation: 'ImportExport.CreateJob',
    // The first of the two only checks the manifest.
    callsOfTwo: { 'ImportExport.CreateJob': 2 },
    query:
      'mutation ($input: CreateImportExportJobInput!) { createImportExportJob(input: $input) { job { id } userErrors { code field } } }',
    input: { manifest: manifests.importToS3 },
  },
];

interface Payload {
  readonly job: { readonly id: string } | null;
  readonly userErrors: readonly unknown[];
}

const badKeys = [
  ['a'.repeat(15), 'TOO_SHORT'],
  ['a'.repeat(65), 'TOO_LONG'],
  ['order 4711 attempt', 'PATTERN'],
  [`${'a'.repeat(16)}\n`, 'PATTERN'],
  ['оrder-4711-attempt', 'PATTERN'],
  ['order‐4711‐attempt', 'PATTERN'],
  ['１２３４５６７８９０１２３４５６', 'PATTERN'],
] as const;

for (const { service, name, operation, callsOfTwo, query, input } of creates) {
  test(`a create of ${service} without a key, or with a null or an empty one, is sent every time`, async () => {
    const { ask, emulator } = await startGateway();
    await emulator.forgetRequests();
    const answers = [await ask(query, { input })];
    for (const idempotencyKey of [null, '']) answers.push(await ask(query, { input: { ...input, idempotencyKey } }));
    const ids = answers.map(({ data }) => field<Payload>(data, name).job?.id);
    expect(new Set(ids).size).toBe(3);
    expect(await emulator.requests()).toEqual({ [operation]: 3 });
  });

  test.each(badKeys)(`the key %j of a create of ${service} is refused as %s`, async (idempotencyKey, code) => {
    const { ask, emulator } = await startGateway();
    await emulator.forgetRequests();
    const { data, errors } = await ask(query, { input: { ...input, idempotencyKey } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      [name]: { job: null, userErrors: [{ code, field: ['input', 'idempotencyKey'] }] },
    });
    expect(await emulator.requests()).toEqual({});
  });

  test.each(['a'.repeat(16), 'Z9_-'.repeat(16)])(`the key %s of a create of ${service} makes one job`, async (key) => {
    const { ask, emulator } = await startGateway();
    await emulator.forgetRequests();
    const send = () => ask(query, { input: { ...input, idempotencyKey: key } });
    const ids = [await send(), await send()].map(({ data }) => field<Payload>(data, name).job?.id);
    expect(new Set(ids).size).toBe(1);
    expect(await emulator.requests()).toEqual(callsOfTwo);
  });
}

test('the same key for both services makes one job of each', async () => {
  const { ask } = await startGateway();
  for (const { query, input, name } of creates) {
    const { data } = await ask(query, { input: { ...input, idempotencyKey: 'order-4711-attempt-1' } });
    expect(field<Payload>(data, name)).toMatchObject({ job: { id: expect.any(String) }, userErrors: [] });
  }
});
