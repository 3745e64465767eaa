/** Repeated mutations, over whole operations. */
import { expect, test } from 'vitest';
import { dataExchangeDetails, globalId, manifests } from '../../support/examples.ts';
import { type Answer, field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const idempotencyKey = 'order-4711-attempt-1';
const creates = [
  {
    service: 'Data Exchange',
    name: 'createDataExchangeJob',
    operation: 'DataExchange.CreateJob',
    sendings: 1,
    query: `mutation ($input: CreateDataExchangeJobInput!) {
      createDataExchangeJob(input: $input) { job { id details { dataSetId } } userErrors { code field } } }`,
    input: { idempotencyKey, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 },
    other: { idempotencyKey, details: dataExchangeDetails.EXPORT_ASSETS_TO_S3 },
  },
  {
    service: 'Import/Export',
    name: 'createImportExportJob',
    operation: 'ImportExport.CreateJob',
    sendings: 2,
    query: `mutation ($input: CreateImportExportJobInput!) {
      createImportExportJob(input: $input) { job { id direction state } userErrors { code field } } }`,
    input: { idempotencyKey, manifest: manifests.importToS3 },
    other: { idempotencyKey, manifest: manifests.exportFromS3 },
  },
] as const;

interface Payload {
  readonly job: { readonly id: string } | null;
  readonly userErrors: readonly unknown[];
}

for (const { service, name, operation, sendings, query, input, other } of creates) {
  const payloadOf = ({ data }: Answer) => field<Payload>(data, name);

  test(`the same key for ${service} twice makes one job, and the second answer says that it is a replay`, async () => {
    const { ask, emulator } = await startGateway();
    await emulator.forgetRequests();
    const first = await ask(query, { input });
    const second = await ask(query, { input });
    expect(first).not.toHaveProperty('extensions');
    expect(second).toMatchObject({ extensions: { replayed: true } });
    expect(payloadOf(second)).toEqual(payloadOf(first));
    expect((await emulator.requests())[operation]).toBe(sendings);
  });

  test(`the same key for ${service} from 100 callers at once is one create, and all receive its job`, async () => {
    const { ask, emulator } = await startGateway();
    await emulator.forgetRequests();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(query, { input })));
    expect(new Set(answers.map((answer) => payloadOf(answer).job?.id)).size).toBe(1);
    expect((await emulator.requests())[operation]).toBe(sendings);
  });

  test(`the same key for ${service} with another input is refused and not sent, while and after the first is under way`, async () => {
    const { ask, emulator } = await startGateway();
    await emulator.fail(operation, { delayMs: 300 });
    const first = ask(query, { input });
    await expect.poll(async () => (await emulator.requests())[operation] ?? 0).toBe(1);
    const refused = { job: null, userErrors: [{ code: 'IDEMPOTENCY_MISMATCH', field: ['input', 'idempotencyKey'] }] };
    expect(payloadOf(await ask(query, { input: other }))).toEqual(refused);
    await first;
    expect(payloadOf(await ask(query, { input: other }))).toEqual(refused);
    expect((await emulator.requests())[operation]).toBe(sendings);
  });

  test(`while the store is down creates of ${service} with a key are refused, reads go on, and the gateway is not ready`, async () => {
    const store = new MemoryStore();
    const { ask, emulator, url } = await startGateway({}, { store });
    store.isDown = true;
    await emulator.forgetRequests();
    const answer = await ask(query, { input });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_STORE_UNAVAILABLE', retryable: true } }]);
    expect((await emulator.requests())[operation] ?? 0).toBe(0);
    expect((await ask('{ jobs { nodes { state } } }')).errors).toBeUndefined();
    const readiness = async () => (await fetch(url.replace('graphql', 'readyz'))).status;
    expect(await readiness()).toBe(503);
    store.isDown = false;
    expect(await readiness()).toBe(200);
    expect((await ask(query, { input })).errors).toBeUndefined();
  });
}

test('the same key from 100 callers at once that start the job is one start, and all receive the running job', async () => {
  const { ask, emulator } = await startGateway();
  await emulator.fail('DataExchange.CreateJob', { reset: true, afterCommit: true });
  await emulator.forgetRequests();
  const query = `mutation ($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) { job { state } userErrors { code } } }`;
  const input = { idempotencyKey, start: true, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(query, { input })));
  const running = { createDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] } };
  expect(answers.map(({ data, errors }) => ({ data, errors }))).toEqual(Array(100).fill({ data: running }));
  expect(await emulator.requests()).toMatchObject({ 'DataExchange.CreateJob': 1, 'DataExchange.StartJob': 1 });
});

test('a repeat is a replay, even if the service no longer has the job', async () => {
  const { ask, emulator } = await startGateway();
  const [{ name, query, input }] = creates;
  const { data } = await ask(query, { input });
  const { id = '' } = field<Payload>(data, name).job ?? {};
  const [, awsJobId] = Buffer.from(id, 'base64').toString().split(':');
  await fetch(`${emulator.url}/_emulator/jobs/${awsJobId}`, { method: 'DELETE' });
  expect(await ask(query, { input })).toEqual({
    data: { [name]: { job: null, userErrors: [{ code: 'NOT_FOUND', field: null }] } },
    extensions: { replayed: true },
  });
});

const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { state } userErrors { code } } }';
const cancel = 'mutation ($id: ID!) { cancelJob(id: $id) { job { state } userErrors { code } } }';

async function seeded({ emulator }: TestGateway, service: 'DataExchangeJob' | 'ImportExportJob') {
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const awsJobId = (service === 'DataExchangeJob' ? dataExchange : importExport)[0] ?? '';
  return { awsJobId, id: globalId(service, awsJobId) };
}

test.each(['IN_PROGRESS', 'COMPLETED'])('a start that finds the job %s is a success', async (state) => {
  const gateway = await startGateway();
  const { awsJobId, id } = await seeded(gateway, 'DataExchangeJob');
  await gateway.emulator.move(awsJobId, { state });
  await gateway.emulator.forgetRequests();
  const { data } = await gateway.ask(start, { id });
  expect(data).toEqual({ startDataExchangeJob: { job: { state }, userErrors: [] } });
  expect((await gateway.emulator.requests())['DataExchange.StartJob']).toBe(1);
});

test('a start whose answer is lost is not sent again, and succeeds if the job runs', async () => {
  const gateway = await startGateway();
  const { id } = await seeded(gateway, 'DataExchangeJob');
  await gateway.emulator.fail('DataExchange.StartJob', { reset: true, afterCommit: true });
  await gateway.emulator.forgetRequests();
  const { data } = await gateway.ask(start, { id });
  expect(data).toEqual({ startDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] } });
  expect((await gateway.emulator.requests())['DataExchange.StartJob']).toBe(1);
});

test.each(['DataExchangeJob', 'ImportExportJob'] as const)(
  'a %s that is cancelled twice is cancelled',
  async (type) => {
    const gateway = await startGateway();
    const { id } = await seeded(gateway, type);
    for (const _ of [1, 2]) {
      const { data } = await gateway.ask(cancel, { id });
      expect(data).toEqual({ cancelJob: { job: { state: 'CANCELLED' }, userErrors: [] } });
    }
  },
);

test('of a concurrent cancel and start one succeeds, and the other is a conflict', async () => {
  const gateway = await startGateway();
  for (let round = 0; round < 10; round += 1) {
    const { id } = await seeded(gateway, 'DataExchangeJob');
    const racers = [gateway.ask(start, { id }), gateway.ask(cancel, { id })];
    const answers = await Promise.all(round % 2 === 0 ? racers : racers.toReversed());
    const codes = answers
      .flatMap(({ data }) => Object.values(data ?? {}))
      .flatMap((payload) => (payload as Payload).userErrors);
    expect(codes).toEqual([{ code: 'CONFLICT' }]);
  }
});

test.each(['DataExchangeJob', 'ImportExportJob'] as const)(
  'a %s that has completed cannot be cancelled',
  async (type) => {
    const gateway = await startGateway();
    const { awsJobId, id } = await seeded(gateway, type);
    await gateway.emulator.move(
      awsJobId,
      type === 'DataExchangeJob' ? { state: 'COMPLETED' } : { progressCode: 'Complete' },
    );
    const { data } = await gateway.ask(cancel, { id });
    expect(data).toEqual({ cancelJob: { job: null, userErrors: [{ code: 'CONFLICT' }] } });
  },
);
