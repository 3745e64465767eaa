/** Publishing a revision: what speaks against it, and what happens if an answer is lost. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { field, startGateway } from '../../support/gateway.ts';
import { finalizeRevision, Publisher, revisionIdOf } from '../../support/publisher.ts';

const update = 'DataExchange.UpdateRevision';
const listJobs = 'DataExchange.ListJobs';

const query = `query ($awsJobId: String!) { jobByAwsId(service: DATA_EXCHANGE, awsJobId: $awsJobId) {
  ... on DataExchangeJob { details { dataSetId } } } }`;

/** A gateway, a revision with an asset, and a mutation that publishes it. */
async function start() {
  const gateway = await startGateway();
  const publisher = new Publisher(gateway.emulator);
  const revisionId = await publisher.revision();
  const id = revisionIdOf(revisionId);
  const finalize = (variables: Record<string, unknown> = {}) => gateway.ask(finalizeRevision, { id, ...variables });
  const published = {
    finalizeRevision: { revision: { awsRevisionId: revisionId, isFinalized: true }, userErrors: [] },
  };
  await gateway.emulator.forgetRequests();
  return {
    ...gateway,
    ...{ publisher, id, revisionId, finalize, published },
    importJob: () => publisher.importJob(revisionId),
    isFinalized: () => publisher.isFinalized(revisionId),
  };
}

function refused(code: string, awsCode: string | null = null) {
  return { finalizeRevision: { revision: null, userErrors: [{ code, field: ['id'], awsCode }] } };
}

test('a draft with assets is published, and doing it again answers with the same revision', async () => {
  const { finalize, emulator, published, isFinalized } = await start();
  expect(await finalize()).toEqual({ data: published });
  expect(await emulator.requests()).toEqual({ 'DataExchange.GetRevision': 1, [listJobs]: 1, [update]: 1 });
  expect(await isFinalized()).toBe(true);
  await emulator.forgetRequests();
  expect(await finalize()).toEqual({ data: published });
  expect(await emulator.requests()).toEqual({ 'DataExchange.GetRevision': 1 });
});

test.each([['WAITING'], ['IN_PROGRESS']])('while an import is %s it is not published, unless forced', async (state) => {
  const { ask, finalize, emulator, published, id, importJob } = await start();
  const awsJobId = await importJob();
  await emulator.move(awsJobId, { state });
  await emulator.forgetRequests();
  expect((await finalize()).data).toEqual(refused('IMPORT_UNDER_WAY'));
  const { data } = await ask(
    `mutation { finalizeRevision(id: "${id}") { userErrors { message parameters { name value } } } }`,
  );
  const [{ message = '', parameters = [] } = {}] = field<{
    userErrors: { message: string; parameters: { name: string; value: string }[] }[];
  }>(data, 'finalizeRevision').userErrors;
  expect(message).toMatch(new RegExp(`^The import ${awsJobId} into this revision is not over`));
  expect(parameters).toEqual([
    { name: 'awsJobId', value: awsJobId },
    { name: 'state', value: state },
  ]);
  expect((await emulator.requests())[update]).toBeUndefined();
  await emulator.forgetRequests();
  expect((await finalize({ force: true })).data).toEqual(published);
  expect(await emulator.requests()).toEqual({ [update]: 1 });
});

test.each([['ERROR'], ['TIMED_OUT']])(
  'after a last import that ended as %s it is not published, unless forced',
  async (state) => {
    const { finalize, emulator, published, importJob, isFinalized } = await start();
    await emulator.move(await importJob(), { state });
    expect((await finalize()).data).toEqual(refused('IMPORT_FAILED'));
    await emulator.move(await importJob(), { state: 'CANCELLED' });
    expect((await finalize()).data).toEqual(refused('IMPORT_FAILED'));
    expect(await isFinalized()).toBe(false);
    expect((await finalize({ force: true })).data).toEqual(published);
  },
);

test('a failed import does not matter once a later one has completed', async () => {
  const { finalize, emulator, published, importJob } = await start();
  await emulator.move(await importJob(), { state: 'ERROR' });
  await emulator.move(await importJob(), { state: 'COMPLETED' });
  expect((await finalize()).data).toEqual(published);
});

test('an import that has not ended counts, however many have ended since it was created', async () => {
  const { finalize, emulator, importJob } = await start();
  await importJob();
  await emulator.move(await importJob(), { state: 'COMPLETED' });
  expect((await finalize()).data).toEqual(refused('IMPORT_UNDER_WAY'));
});

test('neither exports nor imports into other revisions matter', async () => {
  const { finalize, publisher, published, revisionId } = await start();
  await publisher.importJob(await publisher.emptyRevision());
  const RevisionDestinations = [{ RevisionId: revisionId, Bucket: demo.exportBucket }];
  const ExportRevisionsToS3 = { DataSetId: demo.dataSetId, RevisionDestinations };
  await publisher.aws.createJob({ Type: 'EXPORT_REVISIONS_TO_S3', Details: { ExportRevisionsToS3 } });
  expect((await finalize()).data).toEqual(published);
});

test('an import that only the list still shows as running is read again', async () => {
  const { ask, finalize, emulator, publisher, published, importJob } = await start();
  const awsJobId = await importJob();
  const { Jobs } = await publisher.aws.listJobs({});
  await emulator.move(awsJobId, { state: 'COMPLETED' });
  await ask(query, { awsJobId });
  await emulator.fail(listJobs, { body: JSON.stringify({ Jobs }) });
  await emulator.forgetRequests();
  expect((await finalize()).data).toEqual(published);
  expect(await emulator.requests()).toMatchObject({ 'DataExchange.GetJob': 1, [listJobs]: 1, [update]: 1 });
});

test.each([[404], [403]])(
  'an import that the list shows as running and that a read answers with %i counts as running',
  async (status) => {
    const { finalize, emulator, importJob } = await start();
    await importJob();
    await emulator.fail('DataExchange.GetJob', { status });
    expect((await finalize()).data).toEqual(refused('IMPORT_UNDER_WAY'));
  },
);

test('of jobs of a type that is unknown here those that run count, and those that have ended hide no failed import', async () => {
  const { finalize, emulator, publisher, importJob } = await start();
  await emulator.move(await importJob(), { state: 'ERROR' });
  await emulator.move(await importJob(), { state: 'COMPLETED' });
  const { Jobs: [newest, ...others] = [] } = await publisher.aws.listJobs({});
  const listed = async (State: string) => {
    const unknown = { ...newest, State, Type: 'IMPORT_ASSETS_FROM_THE_MOON' };
    await emulator.fail(listJobs, { body: JSON.stringify({ Jobs: [unknown, ...others] }) });
    await emulator.fail('DataExchange.GetJob', { body: JSON.stringify(unknown) });
    const { data } = await finalize();
    await emulator.heal();
    return data;
  };
  expect(await listed('COMPLETED')).toEqual(refused('IMPORT_FAILED'));
  expect(await listed('IN_PROGRESS')).toEqual(refused('IMPORT_UNDER_WAY'));
});

test('an empty revision is refused by the service, and the error says why', async () => {
  const { finalize, emulator, publisher } = await start();
  const id = revisionIdOf(await publisher.emptyRevision());
  await emulator.forgetRequests();
  for (const force of [false, true])
    expect((await finalize({ id, force })).data).toEqual(refused('REVISION_EMPTY', 'ValidationException'));
  expect(await emulator.requests()).toMatchObject({ [update]: 2, 'DataExchange.ListRevisionAssets': 2 });
});

test('a revision that the service refuses for another reason is not called empty', async () => {
  const { finalize, emulator } = await start();
  await emulator.fail(update, { status: 400 });
  expect((await finalize()).data).toEqual(refused('INVALID_INPUT', 'ValidationException'));
});

test.each([
  ['fail', { status: 503 }, 'UPSTREAM_UNAVAILABLE'],
  ['are not readable', { body: '{"Jobs": [{"Id": "?"}]}' }, 'UPSTREAM_BAD_RESPONSE'],
])('if its jobs %s it is not published', async (_, fault, code) => {
  const { finalize, emulator, isFinalized } = await start();
  await emulator.fail(listJobs, fault, 10);
  const { data, errors } = await finalize();
  expect(data ?? null).toBeNull();
  expect(errors).toMatchObject([{ path: ['finalizeRevision'], extensions: { code } }]);
  expect(await isFinalized()).toBe(false);
  expect((await emulator.requests())[update]).toBeUndefined();
});

test('more than 2,000 jobs are not looked through, and it is published only if forced', async () => {
  const { finalize, emulator, publisher } = await start();
  // Exports of the demo revision.
  await emulator.seed({ dataExchange: 2_001 });
  const id = revisionIdOf(demo.revisionId);
  expect((await finalize({ id })).data).toEqual(refused('IMPORTS_UNKNOWN'));
  expect(await emulator.requests()).toEqual({ 'DataExchange.GetRevision': 1, [listJobs]: 10 });
  await finalize({ id, force: true });
  expect(await publisher.isFinalized(demo.revisionId)).toBe(true);
});

test('a publication whose answer is lost is a success, and is sent once', async () => {
  const { finalize, emulator, published } = await start();
  await emulator.fail(update, { reset: true, afterCommit: true });
  expect(await finalize()).toEqual({ data: published });
  expect((await emulator.requests())[update]).toBe(1);
});

test.each([
  ['is empty', { body: '' }],
  ['is not about a revision', { body: '{"Finalized": true}' }],
  ['breaks off', { truncateAt: 20 }],
  ['is a failure after the fact', { status: 500, afterCommit: true }],
])('a publication whose answer %s is a success once the revision shows it', async (_, fault) => {
  const { finalize, emulator, published } = await start();
  await emulator.fail(update, fault);
  expect(await finalize()).toEqual({ data: published });
  expect(await emulator.requests()).toMatchObject({ [update]: 1, 'DataExchange.GetRevision': 2 });
});

test('a publication that never arrived is an error, after which it can be repeated', async () => {
  const { finalize, emulator, published, isFinalized } = await start();
  await emulator.fail(update, { reset: true });
  const { errors } = await finalize();
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
  expect(await isFinalized()).toBe(false);
  expect((await finalize()).data).toEqual(published);
});

test('two publications at once both succeed, also if the service calls the second one a conflict', async () => {
  const { finalize, emulator, published } = await start();
  const answers = await Promise.all([finalize(), finalize()]);
  expect(answers.map(({ data }) => data)).toEqual([published, published]);
  await emulator.fail(update, { status: 409 });
  expect((await finalize({ force: true })).data).toEqual(published);
});

test.each([
  ['no id', 'nonsense', 'INVALID_ID', null],
  ['a data set', Buffer.from(`DataSet:${demo.dataSetId}`).toString('base64url'), 'INVALID_ID', null],
  ['an unknown revision', revisionIdOf('f'.repeat(32)), 'NOT_FOUND', 'ResourceNotFoundException'],
])('%s cannot be published', async (_, id, code, awsCode) => {
  const { finalize } = await start();
  expect((await finalize({ id })).data).toEqual(refused(code, awsCode));
});

test('a revision of another account cannot be published', async () => {
  const { finalize } = await start();
  const { data } = await finalize({ id: revisionIdOf(demo.entitledRevisionId, demo.entitledDataSetId), force: true });
  expect(data).toEqual(refused('ACCESS_DENIED', 'AccessDeniedException'));
});
