import { expect, test } from 'vitest';
import { createOnceInMemory } from '../src/create-once.ts';
import { BackendError, type BackendErrorOptions } from '../src/errors.ts';

const request = { service: 'DATA_EXCHANGE', tenant: 'a', key: 'order-4711-attempt-1', input: { a: 1, b: [2] } } as const;

function failure(options: Partial<BackendErrorOptions>): BackendError {
  return new BackendError({ service: 'DATA_EXCHANGE', code: 'INVALID_INPUT', message: 'refused', ...options });
}

/** A create that counts how often it runs. */
function counted(outcome: () => unknown = () => ({})) {
  const create = async () => {
    create.runs += 1;
    return outcome();
  };
  create.runs = 0;
  return create;
}

test('without a key every create runs', async () => {
  const createOnce = createOnceInMemory();
  const create = counted();
  for (const key of [undefined, null]) await createOnce({ ...request, key }, create);
  expect(create.runs).toBe(2);
});

test('with a key it runs once, for those who wait and those who come later', async () => {
  const createOnce = createOnceInMemory();
  const create = counted();
  const [first, second] = await Promise.all([createOnce(request, create), createOnce(request, create)]);
  expect(await createOnce(request, create)).toBe(first);
  expect(second).toBe(first);
  expect(create.runs).toBe(1);
});

test('the order of members makes no other input, nor does null in place of nothing', async () => {
  const createOnce = createOnceInMemory();
  const create = counted();
  for (const input of [request.input, { b: [2], a: 1 }, { b: [2], c: null, a: 1 }]) {
    await createOnce({ ...request, input }, create);
  }
  expect(create.runs).toBe(1);
});

test('another input under the same key is refused', async () => {
  const createOnce = createOnceInMemory();
  const create = counted();
  await createOnce(request, create);
  const other = createOnce({ ...request, input: { a: 2, b: [2] } }, create);
  await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', field: ['idempotencyKey'] });
  expect(create.runs).toBe(1);
});

test('the services do not share their keys', async () => {
  const createOnce = createOnceInMemory();
  const create = counted();
  await createOnce(request, create);
  await createOnce({ ...request, service: 'IMPORT_EXPORT', input: {} }, create);
  expect(create.runs).toBe(2);
});

test('a refused create leaves its key free', async () => {
  const createOnce = createOnceInMemory();
  const refused = counted(() => {
    throw failure({});
  });
  await expect(createOnce(request, refused)).rejects.toThrow('refused');
  const create = counted();
  await createOnce(request, create);
  expect(create.runs).toBe(1);
});

test('a create whose outcome nobody knows is never run again under its key', async () => {
  const createOnce = createOnceInMemory();
  const lost = counted(() => {
    throw failure({ code: 'OUTCOME_UNKNOWN', isOutcomeUnclear: true });
  });
  for (const _ of [1, 2]) await expect(createOnce(request, lost)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  expect(lost.runs).toBe(1);
});

test('it keeps the newest keys and forgets the oldest', async () => {
  const createOnce = createOnceInMemory(2);
  const create = counted();
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await createOnce({ ...request, key }, create);
  expect(create.runs).toBe(4);
});
