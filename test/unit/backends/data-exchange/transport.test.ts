import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { httpTransport } from '../../../../src/backends/calls/http-transport.ts';
import { createDataExchangeClient } from '../../../../src/backends/data-exchange/client.ts';
import { noBackoffClock } from '../../../support/no-backoff-clock.ts';
import { importRequest, jobEntry, jobId } from './samples.ts';
import { clientAt, deadEndpoint, patiently, type Responder, startService } from './service.ts';

/** Long enough for loopback, short enough to wait for. */
const attemptTimeoutMs = 300;

const reset: Responder = (_, response) => {
  response.socket?.resetAndDestroy();
  return undefined;
};
const silence: Responder = () => undefined;
const truncation: Responder = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"Id":', () => response.socket?.end());
  return undefined;
};
const stall: Responder = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{');
  return undefined;
};

test('A refused connection means that nothing was sent', async () => {
  const client = clientAt(await deadEndpoint());
  const refused = { code: 'UPSTREAM_UNAVAILABLE', isOutcomeUnclear: false, retryable: true };
  await expect(client.getJob(jobId, patiently())).rejects.toMatchObject(refused);
  await expect(client.createJob(importRequest, patiently())).rejects.toMatchObject(refused);
});

test('An unknown host means that nothing was sent', async () => {
  const client = clientAt('http://unknown.invalid');
  await expect(client.createJob(importRequest, patiently())).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    isOutcomeUnclear: false,
  });
});

test.each([
  ['silence', silence, 'UPSTREAM_TIMEOUT', 3],
  ['headers and then silence', stall, 'UPSTREAM_TIMEOUT', 3],
  ['a reset', reset, 'UPSTREAM_UNAVAILABLE', 3],
  ['a truncated answer', truncation, 'UPSTREAM_BAD_RESPONSE', 1],
  ['a 500', () => ({ status: 500 }), 'UPSTREAM_UNAVAILABLE', 3],
])(
  'After %s a read fails, and a create, which is sent once, has an unknown outcome',
  async (_, answering, code, reads) => {
    const { client, requests } = await startService(answering, { attemptTimeoutMs });
    await expect(client.getJob(jobId, patiently())).rejects.toMatchObject({ code, retryable: reads > 1 });
    await expect(client.createJob(importRequest, patiently())).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      isOutcomeUnclear: true,
    });
    expect(requests.map(({ method }) => method)).toEqual([...Array(reads).fill('GET'), 'POST']);
  },
);

test('A refusal whose body breaks off is still that refusal', async () => {
  const { client } = await startService((_, response) => {
    response.writeHead(404, { 'content-length': '1000' });
    response.write('{"Message":', () => response.socket?.end());
    return undefined;
  });
  await expect(client.getJob(jobId, patiently())).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('A create with an unknown outcome says what to do', async () => {
  const { client } = await startService(reset);
  await expect(client.createJob(importRequest, patiently())).rejects.toThrow(
    'the job may or may not exist. Look for it in `jobs` first; repeat the request only with an idempotency key.',
  );
});

test('A redirect is not followed', async () => {
  const elsewhere = await startService(() => ({ body: jobEntry() }));
  const { client } = await startService(() => ({ status: 307, headers: { location: elsewhere.endpoint } }));
  await expect(client.getJob(jobId, patiently())).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
  expect(elsewhere.requests).toHaveLength(0);
});

test('An answer of more than 2 MiB is a bad response', async () => {
  const { client } = await startService(() => ({ body: 'x'.repeat(2 * 1024 * 1024 + 1) }));
  await expect(client.getJob(jobId, patiently())).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
});

test.each([201, 409])('A wrong Date in an answer of %i changes nothing', async (status) => {
  const headers = { date: 'Mon, 01 Jan 2001 00:00:00 GMT' };
  const { client, requests } = await startService(() => ({ status, headers, body: jobEntry() }));
  await client.createJob(importRequest, patiently()).catch(() => {});
  expect(requests).toHaveLength(1);

  await client.createJob(importRequest, patiently()).catch(() => {});
  expect(requests[1]?.headers['x-amz-date']).not.toMatch(/^2001/);
});

test('A read ends when its caller leaves', async () => {
  const caller = new AbortController();
  const { client } = await startService(() => {
    caller.abort();
    return undefined;
  });
  await expect(client.getJob(jobId, caller)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
});

test('A create that was sent does not end when its caller leaves', async () => {
  const caller = new AbortController();
  const { client } = await startService(() => {
    caller.abort();
    return { status: 201, body: jobEntry() };
  });
  await expect(client.createJob(importRequest, caller)).resolves.toMatchObject({ awsJobId: jobId });
});

test('A create is not sent if its caller has left', async () => {
  const { client, requests } = await startService(() => ({ status: 201, body: jobEntry() }));
  await expect(client.createJob(importRequest, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'UPSTREAM_TIMEOUT',
    isOutcomeUnclear: false,
  });
  expect(requests).toHaveLength(0);
});

test.each([
  ['fail', () => Promise.reject(new Error('no profile'))],
  ['never come', () => new Promise<never>(() => {})],
])('Nothing is sent if the credentials %s', async (_, credentials) => {
  const { client, requests } = await startService(() => ({ body: jobEntry() }), {
    credentials,
    attemptTimeoutMs,
  });
  await expect(client.createJob(importRequest, patiently())).rejects.toMatchObject({
    code: 'CREDENTIALS_UNAVAILABLE',
    isOutcomeUnclear: false,
  });
  expect(requests).toHaveLength(0);
});

test('Without a region nothing is sent, and the message says so', async () => {
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
  const client = createDataExchangeClient({
    transport: httpTransport(),
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    clock: noBackoffClock,
  });
  const error = await client.getJob(jobId, patiently()).catch((thrown: unknown) => thrown);
  vi.unstubAllEnvs();
  expect(error).toMatchObject({
    code: 'CREDENTIALS_UNAVAILABLE',
    message: 'No AWS region is set for this gateway, so AWS Data Exchange cannot be called.',
  });
});

test('Garbage collection does not stop a deadline', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const collecting = setInterval(collectGarbage, 20);
  const { client } = await startService(silence, { attemptTimeoutMs });
  const calls = [client.getJob(jobId, patiently()), client.createJob(importRequest, patiently())];
  const outcomes = await Promise.allSettled(calls);
  clearInterval(collecting);
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'UPSTREAM_TIMEOUT' } },
    { status: 'rejected', reason: { code: 'OUTCOME_UNKNOWN' } },
  ]);
});

test('A call over a transport that ignores its signal times out', async () => {
  const client = clientAt('http://localhost', { transport: () => new Promise(() => {}), attemptTimeoutMs });
  await expect(client.getJob(jobId, patiently())).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
});
