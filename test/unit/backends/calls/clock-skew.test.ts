/** Requests whose time the service refuses. */
import { describe, expect, test } from 'vitest';
import { calls, creates, outcomeOf } from './calls.ts';
import { startWorld } from './world.ts';

const minutes = 60_000;

/** Each call with each signature that its service accepts. */
const signedCalls = calls.flatMap((call) =>
  (call.name.startsWith('IE') ? (['v4', 'v2'] as const) : (['v4'] as const)).map((signature) => ({
    name: call.name,
    call,
    signature,
  })),
);

describe.each(signedCalls)('$name, Signature Version $signature', ({ call, signature }) => {
  test.each([20, -20])('A clock that is %i min off costs one more signature', async (offBy) => {
    const world = await startWorld({ signature, wallClock: () => Date.now() + offBy * minutes });
    expect(await outcomeOf(call, world)).toBe('done');
    expect(await world.requests()).toEqual({ [call.operation]: 2 });
  });

  test.each(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'])(
    'After a second %s nothing is sent again, and the outcome is clear',
    async (awsCode) => {
      const world = await startWorld({ signature });
      await world.fail(call.operation, { status: 403, awsCode }, 100);
      expect(await outcomeOf(call, world)).toBe('CLOCK_SKEW');
      expect(await world.requests()).toEqual({ [call.operation]: 2 });
    },
  );

  test('A request is not signed again if the date of its refusal is unreadable', async () => {
    const world = await startWorld({ signature });
    await world.fail(call.operation, { status: 403, awsCode: 'RequestExpired', headers: { date: 'today' } }, 100);
    expect(await outcomeOf(call, world)).toBe('CLOCK_SKEW');
    expect(await world.requests()).toEqual({ [call.operation]: 1 });
  });

  test.each([
    [20, 2],
    [0, 1],
  ])(
    'A request whose signature is refused by a service whose clock is %i min ahead is sent %i times in all',
    async (ahead, times) => {
      const date = new Date(Date.now() + ahead * minutes).toUTCString();
      const world = await startWorld({ signature });
      const awsCode = 'InvalidSignatureException';
      await world.fail(call.operation, { status: 403, awsCode, headers: { date } }, 100);
      expect(await outcomeOf(call, world)).toBe('UPSTREAM_REJECTED');
      expect((await world.requests())[call.operation]).toBe(times);
    },
  );
});

test.each(creates)('A create that is signed twice makes one job: $name', async (call) => {
  const world = await startWorld({ wallClock: () => Date.now() + 20 * minutes });
  expect(await outcomeOf(call, world)).toBe('done');
  const options = { signal: new AbortController().signal };
  const { dataExchange, importExport } = world.backends;
  const { jobs } = await (call.name.startsWith('DX') ? dataExchange : importExport).listJobs({ limit: 10 }, options);
  expect(jobs).toHaveLength(2);
});
