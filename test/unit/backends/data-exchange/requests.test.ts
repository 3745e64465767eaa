import { expect, test } from 'vitest';
import type { DataExchangeBackend } from '../../../../src/backends/backend.ts';
import { requestFromDetails } from './aws-request.ts';
import { dataSetId, jobEntry, jobId } from './samples.ts';
import { patiently, startService } from './service.ts';
import { type RequestVector, vectorFile } from './vectors.ts';

/** Not possible by our interface: a list without a page size, and the filter by revision. */
const beyondOurInterface = ['list-jobs', 'list-jobs-all-parameters'];
const expressible = vectorFile.vectors.filter(({ id }) => !beyondOurInterface.includes(id));

test('All but two of the 14 recorded requests can be made', () => {
  expect(vectorFile.vectors).toHaveLength(14);
  expect(expressible).toHaveLength(12);
});

test.each(expressible)('$id reaches the service byte for byte as recorded', async (vector) => {
  const { client, requests } = await startService(() => answerTo(vector));
  await call(client, vector);

  expect(requests).toHaveLength(1);
  const [request] = requests;
  expect(request).toMatchObject({ method: vector.method, target: vector.requestTarget });
  expect(request?.body).toBe(vector.body ? JSON.stringify(vector.body) : '');
  expect(request?.headers).toMatchObject(vector.headers);
  for (const name of vector.absentHeaders) expect(request?.headers).not.toHaveProperty(name);
});

test('Every request is signed for dataexchange in its region and says that it is the only attempt', async () => {
  const { client, requests } = await startService(() => ({ body: jobEntry() }));
  await client.getJob(jobId, patiently());

  const headers = requests[0]?.headers;
  for (const name of ['x-amz-date', 'authorization', 'x-amz-user-agent']) {
    const pattern = vectorFile.headersOnEveryRequest[name]?.replace('<region>', 'us-east-1') ?? 'absent';
    expect(headers?.[name]).toMatch(new RegExp(pattern));
  }
  expect(headers?.['amz-sdk-request']).toBe('attempt=1; max=1');
});

test('A list sends its page size, its data set and its token, sorted and percent-encoded', async () => {
  const { client, requests } = await startService(() => ({ body: { Jobs: [] } }));
  await client.listJobs({ limit: 200, nextToken: "to/k+en==!'()* ", dataSetId }, patiently());

  expect(requests[0]?.target).toBe(
    `/v1/jobs?dataSetId=${dataSetId}&maxResults=200&nextToken=to%2Fk%2Ben%3D%3D%21%27%28%29%2A%20`,
  );
});

test('The type that is sent follows from the branch that is set', async () => {
  const { client, requests } = await startService(() => ({ status: 201, body: jobEntry() }));
  const creates = expressible.filter(({ operation }) => operation === 'CreateJob');
  for (const vector of creates) await call(client, vector);

  expect(requests.map(({ body }) => JSON.parse(body).Type)).toEqual(creates.map(({ body }) => body?.Type));
  expect(new Set(creates.map(({ body }) => body?.Type)).size).toBe(9);
});

test('Temporary credentials send their session token', async () => {
  const credentials = async () => ({ accessKeyId: 'ASIDEXAMPLE', secretAccessKey: 's', sessionToken: 'token' });
  const { client, requests } = await startService(() => ({ body: jobEntry() }), { credentials });
  await client.getJob(jobId, patiently());

  expect(requests[0]?.headers['x-amz-security-token']).toBe('token');
});

async function call(client: DataExchangeBackend, { operation, body }: RequestVector): Promise<unknown> {
  if (operation === 'CreateJob') return client.createJob(requestFromDetails(body?.Details ?? {}), patiently());
  if (operation === 'StartJob') return client.startJob(jobId, patiently());
  if (operation === 'CancelJob') return client.cancelJob(jobId, patiently());
  return client.getJob(jobId, patiently());
}

function answerTo({ operation, successStatus: status }: RequestVector) {
  return operation === 'StartJob' || operation === 'CancelJob' ? { status } : { status, body: jobEntry() };
}
