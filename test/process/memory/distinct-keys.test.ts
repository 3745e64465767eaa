/** Distinct keys in every map that is keyed by what callers send: memory does not grow with their number. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Create } from '../../../src/creates/create.ts';
import { openCreates } from '../../../src/creates/index.ts';
import {
  ConnectionThrottle,
  defaultConnectionLimit,
  defaultRateLimit,
  RateLimit,
} from '../../../src/limits/rate-limit.ts';
import { BackendError } from '../../../src/model/errors.ts';
import type { Change, Store } from '../../../src/store/store.ts';
import { distinctDocuments, distinctKeys } from '../../model/runs.ts';
import { startChildGateway } from '../../support/child-gateway.ts';
import { heapArgs, heapOf } from '../../support/child-heap.ts';
import { ask } from '../../support/gateway.ts';

const hours = 2 * 3_600_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Growth of the heap between `warm` and `total` distinct numbers. */
async function growthOver(total: number, warm: number, use: (number: number) => Promise<unknown>): Promise<number> {
  for (let number = 0; number < warm; number += 1) await use(number);
  const before = heapBytes();
  for (let number = warm; number < total; number += 1) await use(number);
  return heapBytes() - before;
}

const megabyte = 2 ** 20;

const selections = Array.from({ length: 15 }, (_, place) => `a${place}: __typename`).join(' ');

/** Documents that are valid, too large or malformed, with distinct variables and operation names. */
function documentOf(number: number): { query: string; variables: Record<string, unknown> } {
  const body = [
    `{ ${selections} }`,
    `{ a${number} ${selections} }`,
    `{ ${selections} `,
    `{ jobs(first: ${-number}) { nodes { id } } }`,
  ];
  return { query: `query Q${number} ${body[number % body.length]}`, variables: { [`v${number}`]: number } };
}

test('distinct documents leave nothing in the parser, in validation or in the metrics', {
  timeout: hours,
}, async () => {
  const child = await startChildGateway(
    { WAYBILL_LOG_LEVEL: 'error', WAYBILL_METRICS_PORT: '0' },
    { nodeArgs: heapArgs },
  );
  let sent = 0;
  const send = async (until: number): Promise<void> => {
    while (sent < until) {
      sent += 1;
      const { query, variables } = documentOf(sent);
      await ask(child.url, query, variables);
    }
  };
  const sendAll = (until: number) => Promise.all(Array.from({ length: 10 }, () => send(until)));
  // The cache of documents is full by then.
  await sendAll(1_000);
  const before = await heapOf(child);
  await sendAll(distinctDocuments);
  expect((await heapOf(child)) - before).toBeLessThan(4 * megabyte);
});

test('distinct callers finally share one budget, and earlier callers keep their own', {
  timeout: hours,
}, async () => {
  const { maxKeys, points } = defaultRateLimit;
  const limit = new RateLimit(defaultRateLimit, systemClock.monotonicMs);
  expect(await limit.charge('regular', 1)).toBeUndefined();
  const growth = await growthOver(distinctKeys, 2 * maxKeys, (number) => limit.charge(`stranger ${number}`, 1));
  expect(growth).toBeLessThan(4 * megabyte);
  expect(await limit.charge('a last stranger', points)).toEqual({ retryAfterMs: expect.any(Number) });
  expect(await limit.charge('regular', points - 1)).toBeUndefined();
});

test('distinct addresses finally share one budget', { timeout: hours }, async () => {
  const throttle = new ConnectionThrottle(defaultConnectionLimit, systemClock.monotonicMs);
  const addressOf = (number: number): string =>
    `2001:db8:${(number >> 16).toString(16)}:${(number & 0xffff).toString(16)}::1`;
  const growth = await growthOver(distinctKeys, 2 * defaultConnectionLimit.maxKeys, (number) =>
    throttle.failed(addressOf(number)),
  );
  expect(growth).toBeLessThan(4 * megabyte);
  expect(await throttle.verdictFor('2001:db9::1')).toEqual({ retryAfterMs: expect.any(Number) });
});

const readAgain = 100;

/** An unlimited disk from which only the last written values are read, and nothing is listed. */
class LongDisk implements Store {
  readonly setting = 'WAYBILL_DATA_DIR';
  readonly secret = new Uint8Array(32);
  readonly #last = new Map<string, unknown>();

  async read(collection: string, key: string): Promise<unknown> {
    return this.#last.get(`${collection}!${key}`);
  }

  async list(): Promise<readonly (readonly [string, unknown])[]> {
    return [];
  }

  async count(): Promise<number> {
    return 0;
  }

  async write(changes: readonly Change[]): Promise<void> {
    for (const { collection, key, value } of changes) this.#last.set(`${collection}!${key}`, value);
    for (const key of [...this.#last.keys()].slice(0, -readAgain)) this.#last.delete(key);
  }

  async writeIf(_expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    await this.write(changes);
    return true;
  }

  async isReachable(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}

/** Every other create is refused. */
function createOf(number: number): Create<string> {
  const awsId = `job ${number}`;
  return {
    target: 'DATA_EXCHANGE',
    input: { number },
    traceOf: () => ({ service: 'DATA_EXCHANGE', dataSetId: 'd'.repeat(32), work: String(number) }),
    check: async () => {},
    send: async () => {
      if (number % 2 === 0) return { awsId, result: awsId };
      throw new BackendError({ service: 'DATA_EXCHANGE', code: 'CONFLICT', message: 'No.' });
    },
    read: async () => awsId,
  };
}

test('distinct idempotency keys are on disk, and not in memory', { timeout: hours }, async () => {
  const { createOnce } = openCreates({ store: new LongDisk(), backends: {} as never, clock: systemClock });
  const { signal } = new AbortController();
  const run = (number: number) => {
    const request = {
      tenant: 'a',
      key: `key of number ${number}`,
      create: createOf(number),
      signal,
      onReplay: () => {},
      onUnmarked: () => {},
    };
    return createOnce.run(request).catch((error: unknown) => expect(error).toMatchObject({ code: 'CONFLICT' }));
  };
  expect(await growthOver(distinctKeys, 2_000, run)).toBeLessThan(4 * megabyte);
  expect(createOnce.underWay).toBe(0);
});
