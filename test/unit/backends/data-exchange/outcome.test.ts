import { expect, test } from 'vitest';
import { jobEntry, jobId } from './samples.ts';
import { type Answer, patiently, type Responder, startService } from './service.ts';

const waits = { State: 'WAITING' };
const conflict: Answer = { status: 409, headers: { 'x-amzn-errortype': 'ConflictException' } };
const notFound: Answer = { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };
const invalid: Answer = { status: 400, headers: { 'x-amzn-errortype': 'ValidationException' } };
const denied: Answer = { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } };

/** A service that refuses each change of a job in `state` with `refusal`, and answers reads of it. */
function refusing(refusal: Answer, state: string): Responder {
  return ({ method }) => (method === 'GET' ? { body: jobEntry({ ...waits, State: state }) } : refusal);
}

const losing =
  (state: string): Responder =>
  ({ method }, response) => {
    if (method === 'GET') return { body: jobEntry({ State: state }) };
    response.socket?.resetAndDestroy();
    return undefined;
  };

test('A waiting job is started and cancelled by one call each', async () => {
  const { client, requests } = await startService(() => ({ status: 202 }));
  await client.startJob(jobId, patiently());
  await client.cancelJob(jobId, patiently());
  expect(requests.map(({ method }) => method)).toEqual(['PATCH', 'DELETE']);
});

test.each(['IN_PROGRESS', 'COMPLETED'])('Starting a job that is %s succeeds', async (state) => {
  for (const refusal of [conflict, invalid]) {
    const { client } = await startService(refusing(refusal, state));
    await expect(client.startJob(jobId, patiently())).resolves.toBeUndefined();
  }
});

test.each(['ERROR', 'CANCELLED', 'TIMED_OUT'])('Starting a job that is %s is a conflict', async (state) => {
  for (const refusal of [conflict, invalid]) {
    const { client } = await startService(refusing(refusal, state));
    await expect(client.startJob(jobId, patiently())).rejects.toMatchObject({ code: 'CONFLICT', field: ['id'] });
  }
});

test('Cancelling a cancelled job succeeds', async () => {
  for (const refusal of [conflict, notFound, invalid]) {
    const { client } = await startService(refusing(refusal, 'CANCELLED'));
    await expect(client.cancelJob(jobId, patiently())).resolves.toBeUndefined();
  }
});

test.each(['IN_PROGRESS', 'COMPLETED', 'ERROR', 'TIMED_OUT'])(
  'Cancelling a job that is %s is a conflict whose message has the state',
  async (state) => {
    const { client } = await startService(refusing(conflict, state));
    await expect(client.cancelJob(jobId, patiently())).rejects.toMatchObject({
      code: 'CONFLICT',
      awsCode: 'ConflictException',
      message: `Only a job that is WAITING can be started or cancelled; this one is ${state === 'ERROR' ? 'FAILED' : state}.`,
    });
  },
);

test('A refusal that the state does not explain is the error', async () => {
  const { client } = await startService(refusing(invalid, 'WAITING'));
  await expect(client.startJob(jobId, patiently())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('After a denied start the job is not read', async () => {
  const { client, requests } = await startService(refusing(denied, 'COMPLETED'));
  await expect(client.startJob(jobId, patiently())).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  expect(requests).toHaveLength(1);
});

test('After a start or a cancel whose answer was lost the job is read once, and nothing is sent again', async () => {
  const started = await startService(losing('IN_PROGRESS'));
  await expect(started.client.startJob(jobId, patiently())).resolves.toBeUndefined();
  expect(started.requests.map(({ method }) => method)).toEqual(['PATCH', 'GET']);

  const cancelled = await startService(losing('CANCELLED'));
  await expect(cancelled.client.cancelJob(jobId, patiently())).resolves.toBeUndefined();
  expect(cancelled.requests.map(({ method }) => method)).toEqual(['DELETE', 'GET']);
});

test('A lost start of a job that still waits keeps its own error', async () => {
  const { client } = await startService(losing('WAITING'));
  await expect(client.startJob(jobId, patiently())).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    isOutcomeUnclear: true,
  });
});

test('Starting a job that does not exist is NOT_FOUND', async () => {
  const { client } = await startService(() => notFound);
  await expect(client.startJob(jobId, patiently())).rejects.toMatchObject({ code: 'NOT_FOUND', field: ['id'] });
});
