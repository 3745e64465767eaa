/** Ending an operation of a WebSocket ends everything that was started for it, even during its setup. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { openSocket, type RawSocket, until, watchJobs } from '../../support/live.ts';

const slow = { WAYBILL_POLL_MIN_MS: '3600000', WAYBILL_POLL_MAX_MS: '3600000' };
const jobs = '{ jobs(first: 1) { nodes { id } } }';

async function seeded({ emulator }: TestGateway) {
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  return globalId('DataExchangeJob', dataExchange[0] ?? '');
}

/** Sends all frames in one write, so that the gateway reads them before it has done anything for the first. */
function burst(raw: RawSocket, send: () => void): void {
  // Only the socket below can hold writes back, and `ws` has no public name for it.
  const { _socket: stream } = raw.socket as unknown as { readonly _socket: { cork(): void; uncork(): void } };
  stream.cork();
  send();
  stream.uncork();
}

/** Resolves once a query is answered; the messages before it have then been handled. */
async function answered(raw: RawSocket, id: string): Promise<void> {
  raw.subscribe(id, jobs);
  await until(() => raw.typesOf(id).at(-1) === 'complete');
}

test('an id that is reused during the setup of its operation has one stream, which ends with the socket', async () => {
  const gateway = await startGateway();
  const id = await seeded(gateway);
  const raw = await openSocket(gateway.url);
  burst(raw, () => {
    raw.subscribe('1', watchJobs, { ids: [id] });
    raw.send({ type: 'complete', id: '1' });
    raw.subscribe('1', watchJobs, { ids: [id] });
  });
  await answered(raw, 'last');
  await until(() => raw.resultsOf('1').length > 0);
  await sleep(100);
  expect([raw.typesOf('1'), gateway.watcher.subscribers]).toEqual([['next'], 1]);
  raw.socket.terminate();
  await until(() => gateway.watcher.subscribers === 0);
  await sleep(150);
  await gateway.emulator.forgetRequests();
  await sleep(300);
  expect([await gateway.emulator.requests(), gateway.complaints]).toEqual([{}, []]);
});

test('an id that is completed and reused for a query receives only the messages of the query', async () => {
  const gateway = await startGateway(slow);
  const id = await seeded(gateway);
  const raw = await openSocket(gateway.url);
  burst(raw, () => {
    raw.subscribe('1', watchJobs, { ids: [id] });
    raw.send({ type: 'complete', id: '1' });
    raw.subscribe('1', jobs);
  });
  await until(() => raw.typesOf('1').at(-1) === 'complete');
  await answered(raw, 'last');
  expect(raw.typesOf('1')).toEqual(['next', 'complete']);
  await until(() => gateway.watcher.subscribers === 0);
});

test('an operation that is completed during its setup never starts', async () => {
  const gateway = await startGateway(slow);
  const id = await seeded(gateway);
  const raw = await openSocket(gateway.url);
  burst(raw, () => {
    for (let round = 0; round < 20; round += 1) {
      raw.subscribe(`s${round}`, watchJobs, { ids: [id] });
      raw.send({ type: 'complete', id: `s${round}` });
    }
  });
  await answered(raw, 'last');
  await until(() => gateway.watcher.subscribers === 0);
  expect(raw.frames.filter(({ id: of }) => of?.startsWith('s'))).toEqual([]);
});

test('a query that is completed while a service answers sends nothing more', async () => {
  const gateway = await startGateway(slow);
  const raw = await openSocket(gateway.url);
  await gateway.emulator.fail('DataExchange.ListJobs', { delayMs: 300 }, 1);
  await gateway.emulator.fail('DataExchange.GetJob', { delayMs: 300 }, 1);
  await gateway.emulator.forgetRequests();
  raw.subscribe('1', jobs);
  await sleep(100);
  raw.send({ type: 'complete', id: '1' });
  raw.subscribe('1', '{ __typename }');
  await until(() => raw.typesOf('1').at(-1) === 'complete');
  await sleep(400);
  expect(raw.resultsOf('1')).toEqual([{ data: { __typename: 'Query' } }]);
});

test('one burst starts no more streams than the limit, however often it repeats ids', async () => {
  const gateway = await startGateway(slow);
  const id = await seeded(gateway);
  const raw = await openSocket(gateway.url);
  burst(raw, () => {
    for (let round = 0; round < 61; round += 1) {
      raw.subscribe('1', watchJobs, { ids: [id] });
      raw.send({ type: 'complete', id: '1' });
    }
    for (let operation = 0; operation < 61; operation += 1) raw.subscribe(`s${operation}`, watchJobs, { ids: [id] });
  });
  await until(() => new Set(raw.frames.flatMap(({ id: of }) => of ?? [])).size === 61);
  expect(raw.frames.filter(({ type }) => type === 'error').length).toBeGreaterThanOrEqual(11);
  expect(raw.closed).toBeUndefined();
  await until(() => gateway.watcher.subscribers <= 50);
  raw.socket.terminate();
  await until(() => gateway.watcher.subscribers === 0);
});

test('an id in use closes the socket with 4409, and ends the operations during their setup', async () => {
  const gateway = await startGateway(slow);
  const id = await seeded(gateway);
  const raw = await openSocket(gateway.url);
  burst(raw, () => {
    raw.subscribe('a', watchJobs, { ids: [id] });
    raw.subscribe('b', watchJobs, { ids: [id] });
    raw.subscribe('a', watchJobs, { ids: [id] });
    raw.subscribe('c', watchJobs, { ids: [id] });
  });
  await until(() => raw.closed !== undefined);
  expect(raw.closed).toEqual({ code: 4409, reason: 'Subscriber for a already exists' });
  await until(() => gateway.watcher.subscribers === 0);
  await gateway.emulator.forgetRequests();
  await sleep(200);
  expect(await gateway.emulator.requests()).toEqual({});
});

test('a message that only servers send closes the socket with 4400, and is not logged as unexpected', async () => {
  const gateway = await startGateway(slow);
  const raw = await openSocket(gateway.url);
  raw.send({ type: 'next', id: '1', payload: {} });
  await until(() => raw.closed !== undefined);
  expect([raw.closed?.code, gateway.complaints]).toEqual([4400, []]);
});

interface Step {
  readonly does: 'subscribe' | 'query' | 'complete';
  readonly id: string;
}

const ids = ['a', 'b', 'c'] as const;
const step = fc.record({ does: fc.constantFrom('subscribe', 'query', 'complete'), id: fc.constantFrom(...ids) });
const bursts = fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });

/** The active operations of a client that follows the protocol: it completes an id before it reuses it. */
class Model {
  readonly active = new Map<string, 'query' | 'subscribe'>();

  /** Whether the protocol allows the client to send it. */
  take({ does, id }: Step): boolean {
    if (does === 'complete') this.active.delete(id);
    else if (this.active.has(id)) return false;
    else this.active.set(id, does);
    return true;
  }

  /** The messages that an id of the last burst has received once everything has settled. */
  messages(id: string): string[] {
    const does = this.active.get(id);
    if (does === undefined) return [];
    return does === 'query' ? ['next', 'complete'] : ['next'];
  }

  /** Queries have ended by themselves. */
  settle(): void {
    for (const [id, does] of this.active) if (does === 'query') this.active.delete(id);
  }
}

test('after any bursts each id has the messages of its last operation, the number of streams is as the protocol says, and none outlives its socket', async () => {
  const gateway = await startGateway(slow);
  const job = await seeded(gateway);
  const payloads = {
    query: { query: '{ __typename }' },
    subscribe: { query: watchJobs, variables: { ids: [job] } },
  };
  await fc.assert(
    fc.asyncProperty(bursts, async (all) => {
      const raw = await openSocket(gateway.url);
      const model = new Model();
      for (const [index, steps] of all.entries()) {
        const before = new Map(ids.map((id) => [id, raw.typesOf(id).length]));
        const used = new Set<string>();
        burst(raw, () => {
          for (const { does, id } of steps.filter((each) => model.take(each))) {
            if (does === 'complete') raw.send({ type: 'complete', id });
            else raw.send({ type: 'subscribe', id, payload: payloads[does] });
            if (does !== 'complete') used.add(id);
          }
        });
        const messages = (id: (typeof ids)[number]) => raw.typesOf(id).slice(before.get(id));
        await until(() =>
          [...model.active.keys()].every(
            (id) => !used.has(id) || raw.typesOf(id).length > (before.get(id as 'a') ?? 0),
          ),
        );
        await answered(raw, `settle ${index}`);
        for (const id of ids) expect([id, messages(id)]).toEqual([id, used.has(id) ? model.messages(id) : []]);
        model.settle();
      }
      await until(() => gateway.watcher.subscribers === model.active.size);
      raw.socket.terminate();
      await until(() => gateway.watcher.subscribers === 0);
    }),
    { numRuns: 100 },
  );
  expect(gateway.complaints).toEqual([]);
}, 60_000);
