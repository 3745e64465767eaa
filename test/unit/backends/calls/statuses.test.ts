/** Refusals and failing answers. */
import { describe, expect, test } from 'vitest';
import { BackendError } from '../../../../src/model/errors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { type Call, calls, creates, outcomeOf, reads, unclear } from './calls.ts';
import { startWorld, type World } from './world.ts';

const failing = [500, 502, 503, 504];

/** What `call` throws. */
async function errorOf(call: Call, { backends, jobs }: World): Promise<BackendError> {
  const error = await call.make(backends, jobs).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BackendError)) throw error ?? new Error('expected the call to fail');
  return error;
}

describe.each(calls)('$name', (call) => {
  const sent = call.kind === 'read' ? 3 : 1;

  test.each(failing)('After %i a read is retried, and a create has an unknown outcome', async (status) => {
    const world = await startWorld();
    await world.fail('*', { status }, 100);
    expect(await outcomeOf(call, world)).toBe(unclear(call, 'UPSTREAM_UNAVAILABLE'));
    expect(await world.requests()).toMatchObject({ [call.operation]: sent });
  });

  test.each([
    ['ThrottlingException', 400],
    ['Throttling', 400],
    ['RequestLimitExceeded', 503],
    [undefined, 429],
  ])('%s with status %i is throttling: the outcome is clear, and only a read is retried', async (awsCode, status) => {
    const world = await startWorld();
    await world.fail(call.operation, { status, ...(awsCode && { awsCode }) }, 100);
    expect(await errorOf(call, world)).toMatchObject({
      code: 'UPSTREAM_THROTTLED',
      retryable: true,
      isOutcomeUnclear: false,
    });
    expect(await world.requests()).toEqual({ [call.operation]: sent });
  });

  test('A redirect is not followed', async () => {
    const elsewhere = await startWorld();
    for (const status of [301, 302, 303, 307, 308]) {
      const world = await startWorld();
      await world.fail(call.operation, { status, headers: { location: elsewhere.proxy.origin } });
      expect(await outcomeOf(call, world)).toMatch(/^(UPSTREAM_BAD_RESPONSE|OUTCOME_UNKNOWN)/);
      expect(await world.requests()).toMatchObject({ [call.operation]: 1 });
    }
    expect(elsewhere.proxy.connections).toBe(0);
  });

  test.each([
    ['AccessDenied', 403, 'ACCESS_DENIED'],
    ['AccessDeniedException', 403, 'ACCESS_DENIED'],
    ['SignatureDoesNotMatch', 403, 'UPSTREAM_REJECTED'],
  ])('A request is not sent again after %s, whose text is dropped', async (awsCode, status, code) => {
    const world = await startWorld();
    await world.fail(call.operation, { status, awsCode }, 100);
    const error = await errorOf(call, world);
    expect(error).toMatchObject({ code, awsCode, retryable: false, isOutcomeUnclear: false });
    expect(error.message).not.toContain('Scripted');
    expect((await world.requests())[call.operation]).toBe(1);
  });

  test('A wrong secret costs one request', async () => {
    const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wrong' });
    const world = await startWorld({ credentials });
    expect(await errorOf(call, world)).toMatchObject({
      code: 'UPSTREAM_REJECTED',
      awsCode: call.name.startsWith('IE') ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
    });
    expect((await world.requests())[call.operation]).toBe(1);
  });
});

test.each(reads)('A read succeeds by a retry after one failing answer: $name', async (call) => {
  for (const status of failing) {
    const world = await startWorld();
    await world.fail(call.operation, { status });
    expect(await outcomeOf(call, world)).toBe('done');
    expect(await world.requests()).toEqual({ [call.operation]: 2 });
  }
});

// `creates/` finds the job of a lost create, not the client.
test.each(creates)('A create whose answer fails after the job is made has an unknown outcome: $name', async (call) => {
  for (const status of failing) {
    const world = await startWorld();
    await world.fail(call.operation, { status, afterCommit: true });
    expect(await outcomeOf(call, world)).toBe('OUTCOME_UNKNOWN, unclear');
    expect(await world.requests()).toEqual({ [call.operation]: 1 });
  }
});

describe.each(reads)('$name', (call) => {
  test('A retry waits for Retry-After', async () => {
    const clock = new FakeClock();
    const world = await startWorld({ clock });
    await world.fail(call.operation, { status: 429, headers: { 'retry-after': '2' } });
    const startedAt = clock.now();
    const outcome = outcomeOf(call, world);
    while ((await world.requests())[call.operation] !== 1) await turn();
    await advanceUntil(clock, async () => (await world.requests())[call.operation] === 2);
    expect(await outcome).toBe('done');
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(2_000);
  });

  test('A Retry-After beyond the end of the call ends it at once, and is in the error', async () => {
    const world = await startWorld();
    await world.fail(call.operation, { status: 503, headers: { 'retry-after': '9' } }, 100);
    expect(await errorOf(call, world)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: 9_000 });
    expect(await world.requests()).toEqual({ [call.operation]: 1 });
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 2);
  });
}

async function advanceUntil(clock: FakeClock, isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await clock.advance(10);
    await turn();
  }
}
