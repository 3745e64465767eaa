/** An operation of a WebSocket hangs on one owner: what ends it ends all that was started for it, also while it is being set up. */
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

/** All in one write, so that the gateway reads them before anything of the first has been done. */
function burst(raw: RawSocket, send: () => void): void {
  // What `ws` has no public name for: only the connection below it can hold writes back.
  const { _socket: stream } = raw.socket as unknown as { readonly _socket: { cork(): void; uncork(): void } };
  stream.cork();
  send();
  stream.uncork();
}

/** Once a query that was sent last has been answered, what came before it has been looked at. */
async function answered(raw: RawSocket, id: string): Promise<void> {
  raw.subscribe(id, jobs);
  await until(() => raw.typesOf(id).at(-1) === 'complete');
}

test('an id that is used again before its operation was set up has one stream, which ends with its socket', async () => {
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

test('an id that a query used in between is told of nothing but its last operation', async () => {
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

test('an operation that is completed while it is set up never starts', async () => {
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

test('a query that is completed while a service answers asks that service for nothing more', async () => {
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

test('one burst holds no more streams than the limit, however its ids repeat', async () => {
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

test('an id that is still in use closes the socket with 4409, and ends what was being set up', async () => {
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

test('a message that only a server sends closes the socket with 4400, and is no fault of the gateway', async () => {
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

/** What lives on a socket whose client keeps to the protocol: it completes an id before it uses it again. */
class Model {
  readonly living = new Map<string, 'query' | 'subscribe'>();

  /** Whether the client may send it. */
  take({ does, id }: Step): boolean {
    if (does === 'complete') this.living.delete(id);
    else if (this.living.has(id)) return false;
    else this.living.set(id, does);
    return true;
  }

  /** What is told, once all has come to rest, of an id that was used in the last burst. */
  told(id: string): string[] {
    const does = this.living.get(id);
    if (does === undefined) return [];
    return does === 'query' ? ['next', 'complete'] : ['next'];
  }

  /** Queries have ended by themselves. */
  rest(): void {
    for (const [id, does] of this.living) if (does === 'query') this.living.delete(id);
  }
}

test('after any bursts each id is told of its last operation, as many streams live as the protocol says, and none without a socket', async () => {
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
      for (const [place, steps] of all.entries()) {
        const before = new Map(ids.map((id) => [id, raw.typesOf(id).length]));
        const used = new Set<string>();
        burst(raw, () => {
          for (const { does, id } of steps.filter((each) => model.take(each))) {
            if (does === 'complete') raw.send({ type: 'complete', id });
            else raw.send({ type: 'subscribe', id, payload: payloads[does] });
            if (does !== 'complete') used.add(id);
          }
        });
        const told = (id: (typeof ids)[number]) => raw.typesOf(id).slice(before.get(id));
        await until(() =>
          [...model.living.keys()].every(
            (id) => !used.has(id) || raw.typesOf(id).length > (before.get(id as 'a') ?? 0),
          ),
        );
        await answered(raw, `rest ${place}`);
        for (const id of ids) expect([id, told(id)]).toEqual([id, used.has(id) ? model.told(id) : []]);
        model.rest();
      }
      await until(() => gateway.watcher.subscribers === model.living.size);
      raw.socket.terminate();
      await until(() => gateway.watcher.subscribers === 0);
    }),
    { numRuns: 100 },
  );
  expect(gateway.complaints).toEqual([]);
});
