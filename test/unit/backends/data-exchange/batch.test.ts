import { expect, test } from 'vitest';
import { readJobs } from '../../../../src/backends/data-exchange/job-batch.ts';
import { BackendError } from '../../../../src/model/errors.ts';
import { jobEntry } from './samples.ts';
import { type Answer, patiently, type ReceivedRequest, startService } from './service.ts';

/** Id of the job that is the `n`th newest. */
const idOf = (n: number) => `${n}`.padStart(32, '0');
const idsOf = (count: number, from = 0) => Array.from({ length: count }, (_, n) => idOf(from + n));
const throttled: Answer = { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' } };
const denied: Answer = { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } };

/** A service with `count` jobs, in pages of 200, that counts its calls. `fault` may answer instead. */
async function serviceWith(count: number, fault: (request: ReceivedRequest) => Answer | undefined = () => undefined) {
  const { client, requests } = await startService((request) => fault(request) ?? answerOf(count, request));
  const isList = ({ target }: ReceivedRequest) => target.includes('maxResults=200');
  const calls = () => ({
    list: requests.filter(isList).length,
    get: requests.filter((request) => !isList(request)).length,
  });
  const read = (ids: readonly string[]) => readJobs(client, ids, { ...patiently(), purpose: 'poll' });
  return { read, calls };
}

function answerOf(count: number, { target }: ReceivedRequest): Answer {
  const url = new URL(target, 'http://localhost');
  const id = url.pathname.split('/')[3];
  if (id !== undefined) return Number(id) < count ? { body: jobEntry({ Id: id }) } : { status: 404 };
  const from = Number(url.searchParams.get('nextToken') ?? 0);
  const Jobs = idsOf(count)
    .slice(from, from + 200)
    .map((Id) => jobEntry({ Id }));
  return { body: { Jobs, NextToken: from + 200 < count ? `${from + 200}` : undefined } };
}

/** The outcome for each id: the id of the job, or the code of the error. */
function found(results: ReadonlyMap<string, unknown>): Record<string, string> {
  const outcomeOf = (result: unknown) =>
    result instanceof BackendError ? result.code : (result as { awsJobId: string }).awsJobId;
  return Object.fromEntries([...results].map(([id, result]) => [id, outcomeOf(result)]));
}

const eachFound = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, id]));

test.each([
  ['no job', 0, { list: 0, get: 0 }],
  ['one job', 1, { list: 0, get: 1 }],
  ['two jobs', 2, { list: 0, get: 2 }],
  ['three jobs', 3, { list: 1, get: 0 }],
  ['the 200 newest jobs', 200, { list: 1, get: 0 }],
  ['the 400 newest jobs', 400, { list: 2, get: 0 }],
])('Reading %s of a thousand takes the fewest calls', async (_, count, expected) => {
  const { read, calls } = await serviceWith(1_000);
  expect(found(await read(idsOf(count)))).toEqual(eachFound(idsOf(count)));
  expect(calls()).toEqual(expected);
});

test('An id that is requested several times is read once', async () => {
  const { read, calls } = await serviceWith(10);
  expect((await read([idOf(1), idOf(1), idOf(1)])).size).toBe(1);
  expect(calls()).toEqual({ list: 0, get: 1 });
});

test('A few jobs beyond the first page are read one by one', async () => {
  const { read, calls } = await serviceWith(1_000);
  const ids = [...idsOf(100), ...idsOf(8, 900)];
  expect(found(await read(ids))).toEqual(eachFound(ids));
  expect(calls()).toEqual({ list: 1, get: 8 });
});

test('Many old jobs cost two pages without any of them, and no third page', async () => {
  const { read, calls } = await serviceWith(1_000);
  const ids = idsOf(20, 900);
  expect(found(await read(ids))).toEqual(eachFound(ids));
  expect(calls()).toEqual({ list: 2, get: 20 });
});

test('A job that does not exist costs one GetJob, and no other job fails', async () => {
  const { read, calls } = await serviceWith(100);
  const results = found(await read([...idsOf(100), idOf(5_000)]));
  expect(results).toEqual({ ...eachFound(idsOf(100)), [idOf(5_000)]: 'NOT_FOUND' });
  expect(calls()).toEqual({ list: 1, get: 1 });
});

test('Malformed ids cost no call', async () => {
  const { read, calls } = await serviceWith(100);
  expect(found(await read(['', 'x', '../y', idOf(1)]))).toEqual({
    '': 'NOT_FOUND',
    x: 'NOT_FOUND',
    '../y': 'NOT_FOUND',
    [idOf(1)]: idOf(1),
  });
  expect(calls()).toEqual({ list: 0, get: 1 });
});

test('A throttled list is not replaced by 200 GetJobs', async () => {
  const { read, calls } = await serviceWith(200, () => throttled);
  const results = await read(idsOf(200));
  expect(new Set(Object.values(found(results)))).toEqual(new Set(['UPSTREAM_THROTTLED']));
  expect(calls()).toEqual({ list: 1, get: 0 });
});

test('Jobs that were read before a page failed are returned', async () => {
  const { read } = await serviceWith(1_000, ({ target }) => (target.includes('nextToken') ? throttled : undefined));
  const results = found(await read(idsOf(300)));
  expect(Object.values(results).filter((outcome) => outcome === 'UPSTREAM_THROTTLED')).toHaveLength(100);
  expect(results[idOf(0)]).toBe(idOf(0));
});

test('If only the list is denied, each job is read by GetJob', async () => {
  const { read, calls } = await serviceWith(50, ({ target }) => (target.includes('maxResults') ? denied : undefined));
  expect(found(await read(idsOf(50)))).toEqual(eachFound(idsOf(50)));
  expect(calls()).toEqual({ list: 1, get: 50 });
});

test('Once GetJob is throttled, the other jobs are not read', async () => {
  const { read, calls } = await serviceWith(0, ({ target }) => (target.includes('maxResults') ? denied : throttled));
  const results = await read(idsOf(100));
  expect(new Set(Object.values(found(results)))).toEqual(new Set(['UPSTREAM_THROTTLED']));
  expect(calls().get).toBe(8);
});

test('A service that repeats its token gets a bounded number of calls', async () => {
  const { read, calls } = await serviceWith(0, ({ target }) => {
    const page = { Jobs: [jobEntry({ Id: idOf(0) })], NextToken: 'same' };
    return target.includes('maxResults') ? { body: page } : undefined;
  });
  await read(idsOf(30));
  expect(calls().list).toBe(2);
});
