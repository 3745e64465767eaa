/**
 * Counts what a request makes a gateway do, where a clock would measure the machine: promises, which are its asynchronous
 * steps, and signals that end work. The bounds are the counts of Node 20.20.2 with a fifth on top; Node 24 has fewer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { globalId } from '../../support/examples.ts';
import { preload } from '../../support/preload.ts';

const counting = preload(`import { createHook } from 'node:async_hooks';
  const counts = { promises: 0, signals: 0 };
  createHook({ init(_id, type) { if (type === 'PROMISE') counts.promises += 1; } }).enable();
  globalThis.AbortController = class extends AbortController {
    constructor() { super(); counts.signals += 1; }
  };
  process.on('SIGWINCH', () => process.stdout.write('counts ' + JSON.stringify(counts) + '\\n'));`);

interface Counts {
  readonly promises: number;
  readonly signals: number;
}

let gateway: ChildGateway;
let id = '';

beforeAll(async () => {
  const slow = { WAYBILL_POLL_MIN_MS: '3600000', WAYBILL_POLL_MAX_MS: '3600000', WAYBILL_LOG_LEVEL: 'silent' };
  gateway = await startChildGateway(slow, { endsWithTest: false, nodeArgs: counting });
  const seeded = await fetch(`${gateway.emulatorUrl}/_emulator/seed`, { method: 'POST', body: '{"dataExchange":150}' });
  const { dataExchange } = (await seeded.json()) as { readonly dataExchange: readonly string[] };
  id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  return async () => void (await gateway.stop());
});

async function counts(): Promise<Counts> {
  const before = gateway.stdout().length;
  gateway.kill('SIGWINCH');
  for (;;) {
    const line = /counts (\{.*\})\n/.exec(gateway.stdout().slice(before))?.[1];
    if (line !== undefined) return JSON.parse(line) as Counts;
    await sleep(10);
  }
}

const requests = 50;

/** What one request with this query costs, when the plan of its document is known. */
async function workOf(query: string, variables: object): Promise<Counts> {
  const ask = async (): Promise<void> => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    expect(await response.json()).not.toHaveProperty('errors');
  };
  for (let warm = 0; warm < 5; warm += 1) await ask();
  const before = await counts();
  for (let asked = 0; asked < requests; asked += 1) await ask();
  const after = await counts();
  return {
    promises: Math.round((after.promises - before.promises) / requests),
    signals: Math.round((after.signals - before.signals) / requests),
  };
}

const tenFields =
  'id awsJobId service state createdAt finishedAt statusMessage isFinished availableActions ... on DataExchangeJob { type }';

test.each([
  ['a query without a job', '{ __typename }', { promises: 25, signals: 0 }],
  ['a job by its id', `query ($id: ID!) { job(id: $id) { ${tenFields} } }`, { promises: 174, signals: 6 }],
  [
    'a list of 100 jobs of Data Exchange',
    `{ jobs(first: 100, filter: { service: DATA_EXCHANGE }) { nodes { ${tenFields} } } }`,
    { promises: 161, signals: 6 },
  ],
])('%s takes no more asynchronous steps and signals than it did', async (_title, query, most) => {
  const work = await workOf(query, query.includes('$id') ? { id } : {});
  expect(work.promises).toBeLessThanOrEqual(most.promises);
  expect(work.signals).toBeLessThanOrEqual(most.signals);
});
