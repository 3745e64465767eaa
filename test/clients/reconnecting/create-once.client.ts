/** Creates that happen once: what is sent again, with which key, and until when. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CursorStorage, createOnce } from 'waybill-client';
import { creatingLibraries } from './creating-libraries.ts';
import { hurryTimers } from './hurried-timers.ts';
import { RoughProxy } from './rough-proxy.ts';
import { askOf, oneGateway } from './worlds.ts';

function memoryStorage() {
  const items = new Map<string, string>();
  const storage: CursorStorage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
  return { items, storage };
}

/** Answers in turn; an `Error` is thrown, and the last is repeated. It keeps the keys. */
function answering(...answers: readonly unknown[]) {
  const keys: string[] = [];
  const send = async (key: string): Promise<unknown> => {
    keys.push(key);
    const answer = answers[Math.min(keys.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { keys, send };
}

const done = { data: { createDataExchangeJob: { job: { id: 'a' }, userErrors: [] } } };
const refused = { data: { createDataExchangeJob: { job: null, userErrors: [{ code: 'IDEMPOTENCY_MISMATCH' }] } } };
const failing = (code: string, more = {}) => [{ message: code, extensions: { code, retryable: false, ...more } }];
const unknownYet = failing('OUTCOME_UNKNOWN', { retryable: true, retryAfterMs: 12_345 });

/** The forms in which each library gives the errors of the gateway. */
const forms: readonly (readonly [name: string, form: (errors: readonly object[]) => unknown])[] = [
  ['fetch', (errors) => ({ data: null, errors })],
  ['Apollo Client 3', (graphQLErrors) => Object.assign(new Error('a'), { graphQLErrors, networkError: null })],
  [
    'Apollo Client 3 with a status',
    (errors) =>
      Object.assign(new Error('a'), { graphQLErrors: [], networkError: { statusCode: 400, result: { errors } } }),
  ],
  ['Apollo Client 4', (errors) => Object.assign(new Error('a'), { errors })],
  ['Apollo Client 4 with errorPolicy all', (errors) => ({ data: undefined, error: { errors } })],
  ['urql', (graphQLErrors) => ({ data: undefined, error: { graphQLErrors, networkError: undefined } })],
  ['Relay', (errors) => Object.assign(new Error('a'), { source: { errors } })],
];

/** The forms in which each library says that there was no answer. */
const silences: readonly (readonly [name: string, form: unknown])[] = [
  ['fetch', new TypeError('fetch failed')],
  [
    'Apollo Client 3',
    Object.assign(new Error('a'), { graphQLErrors: [], networkError: new TypeError('fetch failed') }),
  ],
  ['Apollo Client 4 with errorPolicy all', { data: undefined, error: new TypeError('fetch failed') }],
  ['urql', { data: undefined, error: { graphQLErrors: [], networkError: new TypeError('fetch failed') } }],
  ['a proxy', Object.assign(new Error('a'), { statusCode: 502 })],
];

test.each(forms)(
  'as %s gives it, OUTCOME_UNKNOWN is waited out, and asked again with the same key',
  async (_name, form) => {
    const { delays } = hurryTimers();
    const { items, storage } = memoryStorage();
    const { keys, send } = answering(form(unknownYet), form(unknownYet), done);
    expect(await createOnce('export', send, { storage })).toBe(done);
    expect(delays.filter((delay) => delay === 12_345)).toHaveLength(2);
    expect([new Set(keys).size, keys.length, items.size]).toEqual([1, 3, 0]);
    expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
  },
);

test.each(forms)('as %s gives it, a refusal is not asked again, and its key is kept', async (_name, form) => {
  hurryTimers();
  const { items, storage } = memoryStorage();
  const answer = form(failing('FORBIDDEN'));
  const { keys, send } = answering(answer);
  const outcome = createOnce('export', send, { storage });
  if (answer instanceof Error) await expect(outcome).rejects.toBe(answer);
  else expect(await outcome).toBe(answer);
  expect([keys.length, [...items.values()]]).toEqual([1, [keys[0]]]);
});

test.each(silences)('as %s gives it, the lack of an answer is waited out', async (_name, silence) => {
  hurryTimers();
  const { items, storage } = memoryStorage();
  const { keys, send } = answering(silence, silence, done);
  expect(await createOnce('export', send, { storage })).toBe(done);
  expect([new Set(keys).size, keys.length, items.size]).toEqual([1, 3, 0]);
});

test('what the service refuses is an outcome: the next call has another key', async () => {
  const { items, storage } = memoryStorage();
  const { keys, send } = answering(refused);
  expect(await createOnce('export', send, { storage })).toBe(refused);
  expect(items.size).toBe(0);
  await createOnce('export', send, { storage });
  expect(new Set(keys).size).toBe(2);
});

test('an outcome that will never be known is thrown, and its key is forgotten', async () => {
  const { items, storage } = memoryStorage();
  const answer = { data: null, errors: failing('OUTCOME_UNKNOWN') };
  const { keys, send } = answering(answer);
  expect(await createOnce('export', send, { storage })).toBe(answer);
  expect([keys.length, items.size]).toEqual([1, 0]);
});

test('a payload whose details could not be read is an outcome', async () => {
  const { storage } = memoryStorage();
  const answer = { ...done, errors: failing('UPSTREAM_UNAVAILABLE', { retryable: true }) };
  const { keys, send } = answering(answer);
  expect(await createOnce('export', send, { storage })).toBe(answer);
  expect(keys).toHaveLength(1);
});

test.each([
  ['a proxy that refuses', Object.assign(new Error('a'), { networkError: { statusCode: 403 }, graphQLErrors: [] })],
  ['a proxy that refuses, as urql gives it', { error: { graphQLErrors: [], response: { status: 404 } } }],
  ['an abort', Object.assign(new Error('a'), { name: 'AbortError' })],
])('%s is not asked again', async (_name, answer) => {
  const { items, storage } = memoryStorage();
  const { keys, send } = answering(answer);
  await createOnce('export', send, { storage }).catch(() => {});
  expect([keys.length, items.size]).toEqual([1, 1]);
});

test('after a reload the same form asks with the same key, and another form with its own', async () => {
  const { items, storage } = memoryStorage();
  const leaving = new AbortController();
  const never = answering(new TypeError('fetch failed'));
  const first = createOnce('export', never.send, { storage, signal: leaving.signal });
  await expect.poll(() => never.keys.length).toBe(1);
  leaving.abort(new Error('the page is closed'));
  await expect(first).rejects.toThrow('the page is closed');
  expect([...items.keys()]).toEqual(['waybill:create:export']);
  const again = answering(done);
  await createOnce('import', again.send, { storage });
  await createOnce('export', again.send, { storage });
  expect([again.keys[1], again.keys[0] === again.keys[1]]).toEqual([never.keys[0], false]);
});

test('an abort while the request is under way ends the waiting as well, and no timer is left', async () => {
  const { storage } = memoryStorage();
  const leaving = new AbortController();
  let calls = 0;
  const send = async () => {
    calls += 1;
    leaving.abort(new Error('closed'));
    return { data: null, errors: failing('OUTCOME_UNKNOWN', { retryable: true, retryAfterMs: 600_000 }) };
  };
  await expect(createOnce('export', send, { storage, signal: leaving.signal })).rejects.toThrow('closed');
  await expect(createOnce('export', send, { storage, signal: leaving.signal })).rejects.toThrow('closed');
  expect(calls).toBe(1);
});

test('a browser that stores nothing for the site can create as well', async () => {
  const { sessionStorage: before } = globalThis;
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    get: () => {
      throw new Error('SecurityError');
    },
  });
  onTestFinished(() => void Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, value: before }));
  expect(await createOnce('export', answering(done).send)).toBe(done);
});

const count = async (requests: Promise<Record<string, number>>) => (await requests)['DataExchange.CreateJob'] ?? 0;

test.each(creatingLibraries)(
  '$name makes one job over lost answers of AWS and lost connections',
  async ({ create }) => {
    const { random } = Math;
    vi.spyOn(Math, 'random').mockImplementation(() => random() / 10);
    onTestFinished(() => void vi.restoreAllMocks());
    const world = await oneGateway();
    const { emulator, port } = world;
    const proxy = await RoughProxy.start(port);
    onTestFinished(() => proxy.close());
    const { items, storage } = memoryStorage();
    await emulator.fail('DataExchange.CreateJob', { reset: true, afterCommit: true });
    await emulator.forgetRequests();
    let sendings = 0;
    const send = async (key: string) => {
      sendings += 1;
      // The answer to the first is lost on the way to the page, and the second finds no gateway.
      proxy.mode = sendings === 2 ? 'refuse' : 'pass';
      if (sendings === 1) proxy.cutAfter(1, 'rst');
      return create(proxy.url, key);
    };
    const id = await createOnce('export', send, { storage });
    expect(id).toMatch(/^[\w-]+$/);
    expect([sendings, items.size, await count(emulator.requests())]).toEqual([3, 0, 1]);
    const { jobs } = (await askOf(world)('{ jobs(first: 100) { nodes { id state } } }')) as {
      jobs: { nodes: { id: string }[] };
    };
    expect(jobs.nodes.filter((job) => job.id === id)).toHaveLength(1);
  },
  40_000,
);
