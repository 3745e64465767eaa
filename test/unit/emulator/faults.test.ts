import { expect, test } from 'vitest';
import { elementText, errorName, exchangeRequest, origin, startEmulator } from './harness.ts';
import { importManifest } from './manifests.ts';

const newDataSet = { AssetType: 'S3_SNAPSHOT', Name: 'Made under a fault', Description: '' };

/** An emulator with one scripted fault, for CreateDataSet unless another operation is named. */
async function faulty(fault: object, operation = 'DataExchange.CreateDataSet', times?: number) {
  const harness = startEmulator();
  const { status } = await harness.control('POST', 'faults', { operation, fault, ...(times && { times }) });
  expect(status).toBe(200);
  const dataSets = async () => (await harness.exchange('GET', '/v1/data-sets')).json.DataSets.map(({ Name }) => Name);
  const create = () => harness.exchange('POST', '/v1/data-sets', newDataSet);
  return { ...harness, create, hasTakenEffect: async () => (await dataSets()).includes(newDataSet.Name) };
}

test.each([
  [400, 'ValidationException'],
  [402, 'ServiceLimitExceededException'],
  [403, 'AccessDeniedException'],
  [404, 'ResourceNotFoundException'],
  [409, 'ConflictException'],
  [429, 'ThrottlingException'],
  [500, 'InternalServerException'],
  [502, 'InternalFailure'],
  [503, 'ServiceUnavailable'],
])('a status of %i is the error %s of Data Exchange, and nothing takes effect', async (status, name) => {
  const { create, hasTakenEffect } = await faulty({ status });
  const reply = await create();
  expect([reply.status, errorName(reply), reply.json]).toEqual([status, name, { Message: expect.any(String) }]);
  expect(reply.headers.get('x-amzn-requestid')).toMatch(/./);
  expect(await hasTakenEffect()).toBe(false);
  expect((await create()).status).toBe(201);
});

test.each([
  [429, 'Sender', 'Throttling'],
  [500, 'Receiver', 'InternalFailure'],
  [503, 'Receiver', 'ServiceUnavailable'],
])('a status of %i is an ErrorResponse of Import/Export from the %s', async (status, type, code) => {
  const { device } = await faulty({ status }, 'ImportExport.ListJobs');
  const reply = await device('ListJobs');
  expect([reply.status, elementText(reply, 'Type'), elementText(reply, 'Code')]).toEqual([status, type, code]);
});

test('a scripted error can have another name', async () => {
  const exchangeFault = await faulty({ status: 400, awsCode: 'ThrottlingException' });
  expect(errorName(await exchangeFault.create())).toBe('ThrottlingException');
  const deviceFault = await faulty({ status: 400, awsCode: 'RequestLimitExceeded' }, 'ImportExport.*');
  expect(elementText(await deviceFault.device('ListJobs'), 'Code')).toBe('RequestLimitExceeded');
});

test('an operation can take effect although its response is an error', async () => {
  const { create, hasTakenEffect } = await faulty({ status: 500, afterCommit: true });
  expect((await create()).status).toBe(500);
  expect(await hasTakenEffect()).toBe(true);
});

test('scripted headers are merged into the response, also the Date', async () => {
  const date = 'Thu, 01 Jan 1998 00:00:00 GMT';
  const { create } = await faulty({ status: 429, headers: { 'Retry-After': '3', Date: date } });
  const { headers } = await create();
  expect([headers.get('retry-after'), headers.get('date')]).toEqual(['3', date]);
});

test('a scripted body replaces the genuine one', async () => {
  const { create, hasTakenEffect } = await faulty({ body: '<html>' });
  const { status, text } = await create();
  expect([status, text]).toEqual([201, '<html>']);
  expect(await hasTakenEffect()).toBe(true);
});

test('a scripted fault can have a body and a status', async () => {
  const { create, hasTakenEffect } = await faulty({
    status: 502,
    body: 'Bad Gateway',
    headers: { 'content-type': 'text/plain' },
  });
  const reply = await create();
  expect([reply.status, reply.text, reply.headers.get('content-type')]).toEqual([502, 'Bad Gateway', 'text/plain']);
  expect(await hasTakenEffect()).toBe(false);
});

test('after a delay the response is the genuine one', async () => {
  const { create, clock, hasTakenEffect } = await faulty({ delayMs: 5000 });
  let isAnswered = false;
  const reply = create().finally(() => {
    isAnswered = true;
  });
  await clock.advance(4999);
  expect([isAnswered, await hasTakenEffect()]).toEqual([false, false]);
  await clock.advance(1);
  expect((await reply).status).toBe(201);
});

test('an abort during a delay cancels the request, unless it was performed before', async () => {
  for (const afterCommit of [false, true]) {
    const { emulator, clock, hasTakenEffect } = await faulty({ delayMs: 5000, afterCommit });
    const caller = new AbortController();
    const request = exchangeRequest('POST', '/v1/data-sets', clock.now(), newDataSet);
    const answer = emulator.handle(new Request(request, { signal: caller.signal }));
    const failure = expect(answer).rejects.toThrow('gone');
    await clock.advance(1);
    caller.abort(new Error('gone'));
    await failure;
    await clock.advance(10_000);
    expect(await hasTakenEffect()).toBe(afterCommit);
    expect(clock.pendingTimers).toBe(0);
  }
});

test.each([false, true])('a reset rejects with ECONNRESET (afterCommit: %s)', async (afterCommit) => {
  const { create, hasTakenEffect } = await faulty({ reset: true, afterCommit });
  await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await hasTakenEffect()).toBe(afterCommit);
});

test.each([0, 10])('a body truncated at %i bytes fails after them', async (truncateAt) => {
  const { emulator, clock, hasTakenEffect } = await faulty({ truncateAt });
  const response = await emulator.handle(exchangeRequest('POST', '/v1/data-sets', clock.now(), newDataSet));
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(10);
  let received = 0;
  const read = async () => {
    for await (const chunk of response.body ?? []) received += chunk.length;
  };
  await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect([received, await hasTakenEffect()]).toEqual([truncateAt, true]);
});

test('without a response the request waits until it is aborted', async () => {
  const { emulator, clock, hasTakenEffect } = await faulty({ never: true });
  const caller = new AbortController();
  const request = exchangeRequest('POST', '/v1/data-sets', clock.now(), newDataSet);
  const answer = emulator.handle(new Request(request, { signal: caller.signal }));
  const failure = expect(answer).rejects.toThrow('enough');
  await clock.advance(3600 * 1000);
  caller.abort(new Error('enough'));
  await failure;
  expect(await hasTakenEffect()).toBe(false);
});

test('a fault applies `times` times, in the order of the script', async () => {
  const { create, control } = await faulty({ status: 500 }, 'DataExchange.CreateDataSet', 2);
  await control('POST', 'faults', { operation: '*', fault: { status: 429 } });
  const statuses = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await create()).status);
  expect(statuses).toEqual([500, 500, 429, 201]);
});

test('a fault for another operation is kept for it', async () => {
  const { create, device, control } = await faulty({ status: 503 }, 'ImportExport.*');
  expect((await create()).status).toBe(201);
  expect((await control('GET', 'faults')).json).toEqual([
    { operation: 'ImportExport.*', times: 1, fault: { status: 503 } },
  ]);
  expect((await device('CreateJob', { JobType: 'Import', Manifest: importManifest })).status).toBe(503);
  expect((await control('GET', 'faults')).json).toEqual([]);
});

test('faults can be cleared', async () => {
  const { create, control } = await faulty({ reset: true });
  expect((await control('DELETE', 'faults')).json).toEqual([]);
  expect((await create()).status).toBe(201);
});

test('a failed request is counted', async () => {
  const { create, control } = await faulty({ status: 500 });
  await create();
  expect((await control('GET', 'requests')).json).toEqual({ 'DataExchange.CreateDataSet': 1 });
});

test('the storage behind signed URLs fails in its own form', async () => {
  const { fetch } = await faulty({ status: 503 }, 'DataExchange.UploadAsset');
  const reply = await fetch(`${origin}/uploads/x`, { method: 'PUT', body: 'x' });
  expect([reply.status, errorName(reply)]).toEqual([503, 'InternalError']);
});
