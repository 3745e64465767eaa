/** Connections that break off, and stray bytes that answer no request. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Call, calls, changes, creates, outcomeOf, reads, unclear } from './calls.ts';
import { startWorld, type World } from './world.ts';

/** undici reuses a socket only after a tick of the event loop. */
const idleMs = 30;

/** The number of jobs beside the one of each service at the beginning. */
async function jobsMade({ backends }: World, { name }: Call): Promise<number> {
  const options = { signal: new AbortController().signal };
  const { dataExchange, importExport } = backends;
  const service = name.startsWith('DX') ? dataExchange : importExport;
  return (await service.listJobs({ limit: 10 }, options)).jobs.length - 1;
}

describe.each(calls)('$name', (call) => {
  test('After a reset before the whole request has arrived, a read is retried and a create has an unknown outcome', async () => {
    const world = await startWorld({ faults: { requestBytes: 20 } });
    expect(await outcomeOf(call, world)).toBe(unclear(call, 'UPSTREAM_UNAVAILABLE'));
    expect(await world.requests()).toEqual({});
    expect(world.proxy.connections).toBe(attempts(call));
  });

  test('After a reset before any byte of the reply, a read is retried and a create has an unknown outcome', async () => {
    const world = await startWorld();
    await world.fail('*', { reset: true }, 100);
    expect(await outcomeOf(call, world)).toBe(unclear(call, 'UPSTREAM_UNAVAILABLE'));
    expect(await world.requests()).toMatchObject({ [call.operation]: call.kind === 'read' ? 3 : 1 });
  });

  test('A request whose reply is reset or ended in its middle is not sent again', async () => {
    for (const atReplyLimit of ['reset', 'end'] as const) {
      const world = await startWorld({ faults: { replyBytes: 'head', atReplyLimit } });
      // The two have no body that could break off.
      const isWhole = call.operation.endsWith('StartJob') || call.name === 'DX cancel';
      expect(await outcomeOf(call, world)).toBe(isWhole ? 'done' : unclear(call, 'UPSTREAM_BAD_RESPONSE'));
      expect(await world.requests()).toEqual({ [call.operation]: 1 });
    }
  });

  test('A reply that ends within its head counts as no reply', async () => {
    const world = await startWorld({ faults: { replyBytes: 20, atReplyLimit: 'end' } });
    expect(await outcomeOf(call, world)).toBe(unclear(call, 'UPSTREAM_UNAVAILABLE'));
    expect(await world.requests()).toMatchObject({ [call.operation]: call.kind === 'read' ? 3 : 1 });
  });
});

/** The number of connections of `call` where all of them fail: a start or a cancel is settled by reads of the job. */
function attempts({ kind, name }: Call): number {
  if (kind === 'read') return 3;
  return kind === 'change' && name.startsWith('DX') ? 4 : 1;
}

test.each(reads)('A read that is reset once is answered: $name', async (call) => {
  const world = await startWorld();
  await world.fail(call.operation, { reset: true });
  expect(await outcomeOf(call, world)).toBe('done');
  expect(await world.requests()).toEqual({ [call.operation]: 2 });
});

// `creates/` finds the job of a lost create, not the client.
describe.each(creates)('$name', (call) => {
  test('After a reset before the job is made, the outcome is unknown and nothing is sent again', async () => {
    const world = await startWorld();
    await world.fail(call.operation, { reset: true });
    expect(await outcomeOf(call, world)).toBe('OUTCOME_UNKNOWN, unclear');
    expect(await world.requests()).toEqual({ [call.operation]: 1 });
    expect(await jobsMade(world, call)).toBe(0);
  });

  test('After a reset after the job is made, the outcome is unknown and nothing is sent again', async () => {
    const world = await startWorld();
    await world.fail(call.operation, { reset: true, afterCommit: true });
    expect(await outcomeOf(call, world)).toBe('OUTCOME_UNKNOWN, unclear');
    expect(await world.requests()).toEqual({ [call.operation]: 1 });
    expect(await jobsMade(world, call)).toBe(1);
  });
});

describe.each(changes)('$name', (call) => {
  test('After a reset before it takes effect, its outcome is unclear and it is not sent again', async () => {
    const world = await startWorld();
    await world.fail(call.operation, { reset: true });
    expect(await outcomeOf(call, world)).toBe('UPSTREAM_UNAVAILABLE, unclear');
    expect(await world.requests()).toMatchObject({ [call.operation]: 1 });
  });

  test('After a reset after it took effect, the job shows the outcome in Data Exchange; in Import/Export it is unclear', async () => {
    const world = await startWorld();
    await world.fail(call.operation, { reset: true, afterCommit: true });
    expect(await outcomeOf(call, world)).toBe(call.name.startsWith('DX') ? 'done' : 'UPSTREAM_UNAVAILABLE, unclear');
    expect(await world.requests()).toMatchObject({ [call.operation]: 1 });
  });
});

describe('kept-alive connections', () => {
  test.each(reads)(
    'A kept-alive connection that is reset when it is reused costs a read one more request: $name',
    async (call) => {
      const world = await startWorld();
      expect(await outcomeOf(call, world)).toBe('done');
      await sleep(idleMs);
      await world.fail(call.operation, { reset: true });
      expect(await outcomeOf(call, world)).toBe('done');
      expect([await world.requests(), world.proxy.connections]).toEqual([{ [call.operation]: 3 }, 2]);
    },
  );

  test.each(calls.filter(({ kind }) => kind !== 'read'))(
    'A write never uses a kept-alive connection: $name',
    async (call) => {
      const world = await startWorld();
      for (const read of reads) await outcomeOf(read, world);
      await sleep(idleMs);
      const before = world.proxy.connections;
      expect(await outcomeOf(call, world)).toBe('done');
      expect(world.proxy.connections).toBe(before + 1);
    },
  );
});

describe.each(reads)('$name', (call) => {
  const other = call.name.startsWith('IE')
    ? 'HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n<JobId>X</JobId>'
    : 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"Id":"x"}';

  test.each([
    ['a second answer', 'itself'],
    ['another answer', { junk: other }],
    ['bytes of no meaning', { junk: '\0\xff junk \r\n\r\n' }],
    ['half an answer', { junk: 'HTTP/1.1 200 OK\r\ncontent-le' }],
  ] as const)('%s behind an answer never becomes the answer to the next call', async (_, afterReply) => {
    const world = await startWorld({ faults: { afterReply } });
    for (const pauseMs of [0, 0, idleMs, idleMs, 0]) {
      expect(await outcomeOf(call, world)).toBe('done');
      await sleep(pauseMs);
    }
    expect([await world.requests(), world.proxy.connections]).toEqual([{ [call.operation]: 5 }, 5]);
  });

  test('One connection serves all requests if no stray bytes follow the answers', async () => {
    const world = await startWorld();
    for (let made = 0; made < 5; made += 1) {
      expect(await outcomeOf(call, world)).toBe('done');
      await sleep(idleMs);
    }
    expect(world.proxy.connections).toBe(1);
  });
});

test.each(creates)('A stray answer of a read is never taken as the answer to a create: $name', async (call) => {
  const world = await startWorld({ faults: { afterReply: 'itself' } });
  for (const read of reads) await outcomeOf(read, world);
  const before = await world.requests();
  expect(await outcomeOf(call, world)).toBe('done');
  expect(await world.requests()).toEqual({ ...before, [call.operation]: 1 });
  world.proxy.faults = {};
  expect(await jobsMade(world, call)).toBe(1);
});
