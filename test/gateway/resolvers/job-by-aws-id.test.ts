/** `jobByAwsId`: a job by the id that its service made. */

import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { costOf } from '../../../src/limits/operation-cost.ts';
import { schema } from '../../../src/schema/index.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';
import { answerWithoutCalls } from '../../support/replies.ts';

const query = `query ($service: JobService!, $awsJobId: String!) {
  jobByAwsId(service: $service, awsJobId: $awsJobId) { id awsJobId service state }
}`;

test.each([
  ['DATA_EXCHANGE', 'DataExchangeJob', 'DataExchange.GetJob'],
  ['IMPORT_EXPORT', 'ImportExportJob', 'ImportExport.GetStatus'],
] as const)('A job of %s is found by its own id with one read', async (service, typeName, operation) => {
  const { ask, emulator } = await startGateway();
  const seeded = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const awsJobId = (service === 'DATA_EXCHANGE' ? seeded.dataExchange : seeded.importExport)[0] ?? '';
  await emulator.forgetRequests();
  const { data, errors } = await ask(query, { service, awsJobId });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ jobByAwsId: { id: globalId(typeName, awsJobId), awsJobId, service, state: 'WAITING' } });
  expect(await emulator.requests()).toEqual({ [operation]: 1 });
});

test('An id of Import/Export is found in lower case, and read once with the same job by `job`', async () => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  await emulator.forgetRequests();
  const both = `{ job(id: "${globalId('ImportExportJob', awsJobId)}") { id }
    jobByAwsId(service: IMPORT_EXPORT, awsJobId: "${awsJobId.toLowerCase()}") { id } }`;
  const { data } = await ask(both);
  const found = { id: globalId('ImportExportJob', awsJobId) };
  expect(data).toEqual({ job: found, jobByAwsId: found });
  expect(await emulator.requests()).toEqual({ 'ImportExport.GetStatus': 1 });
});

test('Several jobs of Data Exchange cost as many calls as by `nodes`', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 5 });
  const fields = dataExchange.map(
    (id, index) => `a${index}: jobByAwsId(service: DATA_EXCHANGE, awsJobId: "${id}") { id }`,
  );
  const ids = dataExchange.map((id) => globalId('DataExchangeJob', id));
  await emulator.forgetRequests();
  const { data } = await ask(`{ ${fields.join(' ')} }`);
  expect(Object.values(data ?? {})).toEqual(ids.map((id) => ({ id })));
  const calls = await emulator.requests();
  await emulator.forgetRequests();
  await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(calls).toEqual(await emulator.requests());
});

test.each([
  ['DATA_EXCHANGE', '0'.repeat(32)],
  ['IMPORT_EXPORT', 'ZZZZZ'],
])('It is null where %s has no job %s', async (service, awsJobId) => {
  const { ask } = await startGateway();
  expect(await ask(query, { service, awsJobId })).toEqual({ data: { jobByAwsId: null } });
});

test.each([
  ['DATA_EXCHANGE', ''],
  ['DATA_EXCHANGE', '53TX4'],
  ['DATA_EXCHANGE', `${'0'.repeat(32)}/start`],
  ['IMPORT_EXPORT', ''],
  ['IMPORT_EXPORT', '../53TX4'],
  ['IMPORT_EXPORT', '5'.repeat(65)],
])('An id that %s cannot have made, such as %j, is an error without a call', async (service, awsJobId) => {
  const { data, errors } = await answerWithoutCalls(query, { service, awsJobId });
  expect(data).toEqual({ jobByAwsId: null });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'awsJobId', retryable: false } }]);
});

test('It costs what `job` costs', () => {
  const cost = (field: string) => costOf({ schema, document: parse(`{ ${field} { id } }`) }, 100);
  expect(cost('jobByAwsId(service: IMPORT_EXPORT, awsJobId: "53TX4")')).toBe(cost('job(id: "x")'));
});

test('A caller without jobs:read gets the same answer whether or not the job exists', async () => {
  const gateway = await startGuarded({ nobody: ['jobs:write'] });
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  await gateway.emulator.forgetRequests();
  const ids = [importExport[0] ?? '', 'ZZZZZ', '?'];
  const service = 'IMPORT_EXPORT';
  const answers = await Promise.all(ids.map((awsJobId) => gateway.askAs('nobody', query, { service, awsJobId })));
  expect(answers[0]?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', scope: 'jobs:read' } }]);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await gateway.emulator.requests()).toEqual({});
});
