/** A service that is down, slow or overloaded does not affect the rest. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { OperationRecord } from '../../../src/log/operation-record.ts';
import { acceptedJson } from '../../support/accepted-json.ts';
import { dataExchangeDetails, manifests, returnAddress } from '../../support/examples.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { openSocket, until, watchJobs } from '../../support/live.ts';
import { operations, outcomeOf, readJob, type Service, services, startGatewayWorld } from './world.ts';

const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id } userErrors { code } }
}`;
const newJob = { details: dataExchangeDetails.EXPORT_ASSETS_TO_S3 };
const names = { dataExchange: 'DATA_EXCHANGE', importExport: 'IMPORT_EXPORT' } as const;
const other: Readonly<Record<Service, Service>> = { dataExchange: 'importExport', importExport: 'dataExchange' };
const allOf = { dataExchange: 'DataExchange.*', importExport: 'ImportExport.*' } as const;

function countOf<T>(all: readonly T[], one: T): number {
  return all.filter((each) => each === one).length;
}

test('Of 200 reads at once 32 are sent, 64 wait and the rest are busy; polls and the other service are not affected', async () => {
  const clock = new FakeClock();
  const world = await startGatewayWorld({ clock });
  const operation = operations.importExport;
  await world.emulator.fail(operation, { never: true }, 32);
  const outcomes: string[] = [];
  const all = Array.from({ length: 200 }, () => world.read('importExport').then((each) => outcomes.push(each)));
  while (outcomes.length < 104 || (await world.requests(operation)) < 32) await pass(clock, 5);
  expect(outcomes.slice(0, 104)).toEqual(Array(104).fill('UPSTREAM_BUSY'));
  expect(await world.requests(operation)).toBe(32);

  const other = world.read('dataExchange');
  const socket = await openSocket(world.url);
  socket.subscribe('s', watchJobs, { ids: [world.nextId('importExport')] });
  while (socket.resultsOf('s').length === 0) await pass(clock, 5);
  expect(await other).toBe('done');
  // The reads were still waiting.
  expect(outcomes).toHaveLength(104);
  await passUntil(clock, Promise.all(all));
  expect(outcomes).toHaveLength(200);
});

test('A waiting read is sent as soon as another ends', async () => {
  const world = await startGatewayWorld();
  await world.emulator.fail(operations.importExport, { delayMs: 50 }, 1_000);
  const outcomes = await Promise.all(Array.from({ length: 96 }, () => world.read('importExport')));
  expect(countOf(outcomes, 'done')).toBe(96);
});

test.each(services)(
  'reads of %s that fail in the same moment are answered one in a turn of the event loop, and others in between',
  async (down) => {
    const clock = new FakeClock();
    let turn = 0;
    const failedIn: number[] = [];
    const onOperation = ({ codes }: OperationRecord) => void (codes.length > 0 && failedIn.push(turn));
    const world = await startGatewayWorld({ clock, onOperation });
    await world.emulator.fail(allOf[down], { never: true }, 1_000);
    const all = Promise.all(Array.from({ length: 90 }, () => world.read(down)));
    const count = (): void => {
      turn += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    onTestFinished(() => clearImmediate(counting));
    await passUntil(clock, all);
    expect(failedIn).toHaveLength(90);
    const crowd = Math.max(...failedIn.map((one) => countOf(failedIn, one)));
    expect(crowd).toBeLessThanOrEqual(2);
  },
);

test.each(services)(
  '%s is down: its nodes are null with an error each, the list says that it is missing',
  async (down) => {
    const world = await startGatewayWorld();
    await world.emulator.fail(allOf[down], { status: 503 }, 1_000);
    const up = other[down];
    const both =
      'query ($down: ID!, $up: ID!) { down: node(id: $down) { ... on Job { state } } up: node(id: $up) { ... on Job { state } } }';
    const ids = { down: world.nextId(down), up: world.nextId(up) };
    const { data, errors } = await world.ask(both, ids);
    expect(data).toEqual({ down: null, up: { state: 'WAITING' } });
    const error = {
      path: ['down'],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', service: names[down], retryable: true },
    };
    expect(errors).toMatchObject([error]);

    const page = await world.ask('{ jobs(first: 5) { nodes { service } unavailableServices { service code } } }');
    const unavailableServices = [{ service: names[down], code: 'UPSTREAM_UNAVAILABLE' }];
    expect(page).toEqual({ data: { jobs: { nodes: Array(5).fill({ service: names[up] }), unavailableServices } } });
  },
);

test('both are down: null and one error each, HTTP 200, and the gateway is ready', async () => {
  const world = await startGatewayWorld();
  await world.emulator.fail('*', { status: 503 }, 1_000);
  const query =
    'query ($a: ID!, $b: ID!) { a: node(id: $a) { ... on Job { state } } b: node(id: $b) { ... on Job { state } } }';
  const variables = { a: world.nextId('dataExchange'), b: world.nextId('importExport') };
  for (let asked = 0; asked < 15; asked += 1) {
    const response = await fetch(world.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: acceptedJson },
      body: JSON.stringify({ query, variables }),
    });
    expect(response.status).toBe(200);
    const { data, errors } = (await response.json()) as Awaited<ReturnType<typeof world.ask>>;
    expect(data).toEqual({ a: null, b: null });
    expect(errors?.map(({ path }) => path?.[0]).toSorted()).toEqual(['a', 'b']);
    expect(new Set(errors?.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
  }
  expect((await fetch(new URL('/readyz', world.url))).status).toBe(200);
  expect(world.complaints).toEqual([]);
});

test('A client that leaves ends its reads upstream', async () => {
  const upstream = { asked: 0, closed: 0 };
  const silent = createServer((_request, response) => {
    upstream.asked += 1;
    response.once('close', () => {
      upstream.closed += 1;
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await until(() => silent.listening);
  const clock = new FakeClock();
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const world = await startGatewayWorld({ clock, endpoint });
  const client = new AbortController();
  const query =
    'query ($a: ID!, $b: ID!) { a: node(id: $a) { ... on Job { state } } b: node(id: $b) { ... on Job { state } } }';
  const body = JSON.stringify({
    query,
    variables: { a: world.nextId('dataExchange'), b: world.nextId('importExport') },
  });
  const asked = fetch(world.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: client.signal,
  }).catch(() => 'left');
  // No faster than real time, in which both have to arrive before their timeouts.
  while (upstream.asked < 2) await pass(clock, 1);
  expect(upstream.closed).toBe(0);
  client.abort();
  expect(await asked).toBe('left');
  await until(() => upstream.closed === 2);
});

test('A create that was sent does not end when its client leaves', async () => {
  const world = await startGatewayWorld();
  const newest = '{ jobs(first: 1, filter: { service: DATA_EXCHANGE }) { nodes { id } } }';
  const before = await world.ask(newest);
  await world.emulator.fail('DataExchange.CreateJob', { delayMs: 300 });
  const client = new AbortController();
  const asked = fetch(world.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: create, variables: { input: newJob } }),
    signal: client.signal,
  }).catch(() => 'left');
  while ((await world.requests('DataExchange.CreateJob')) === 0) await sleep(5);
  client.abort();
  expect(await asked).toBe('left');
  let after = before;
  for (let waited = 0; JSON.stringify(after) === JSON.stringify(before) && waited < 100; waited += 1) {
    await sleep(50);
    after = await world.ask(newest);
  }
  expect(after).not.toEqual(before);
});

test.each([
  ['503', { status: 503 }],
  ['a reset', { reset: true }],
])('in a total outage by %s 300 operations make at most 330 requests', async (_, fault) => {
  const world = await startGatewayWorld();
  await world.emulator.fail('*', fault, 10_000);
  const outcomes: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    const reads = services.flatMap((service) => Array.from({ length: 15 }, () => world.read(service)));
    outcomes.push(...(await Promise.all(reads)));
  }
  expect(new Set(outcomes)).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
  const sent = Object.values(await world.emulator.requests()).reduce((sum, count) => sum + count, 0);
  expect(sent).toBeGreaterThanOrEqual(20);
  expect(sent).toBeLessThanOrEqual(330);
});

test('No operation is pending after 15.5 s, whatever never answers', async () => {
  const clock = new FakeClock();
  const world = await startGatewayWorld({ clock });
  await world.emulator.fail('*', { never: true }, 100_000);
  const [dataExchange, importExport] = [world.nextId('dataExchange'), world.nextId('importExport')];
  const label = { sender: labelSender, jobIds: [importExport] };
  const every: readonly [string, Record<string, unknown>][] = [
    [readJob, { id: dataExchange }],
    [readJob, { id: importExport }],
    ['{ jobs(first: 200) { nodes { id state } unavailableServices { code } } }', {}],
    [create, { input: { ...newJob, start: true } }],
    [
      'mutation ($input: CreateImportExportJobInput!) { createImportExportJob(input: $input) { job { id } } }',
      { input: newDevice },
    ],
    ['mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }', { id: dataExchange }],
    ['mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }', { id: importExport }],
    ['mutation ($id: ID!) { startDataExchangeJob(id: $id) { userErrors { code } } }', { id: dataExchange }],
    ['query ($input: ShippingLabelInput!) { shippingLabel(input: $input) { userErrors { code } } }', { input: label }],
  ];
  const crowd = Array.from({ length: 20 }, () => every).flat();
  const outcomes: string[] = [];
  const all = crowd.map(([query, variables]) =>
    world.ask(query, variables).then((each) => outcomes.push(outcomeOf(each))),
  );
  // Until they reach the gateway their time has not begun.
  for (let waited = 0; waited < 40; waited += 1) await sleep(5);
  for (let passed = 0; passed < 15_500; passed += 50) {
    await clock.advance(50);
    await sleep(1);
  }
  await Promise.race([Promise.all(all), sleep(1_000)]);
  expect(outcomes).toHaveLength(crowd.length);
  const known = ['OUTCOME_UNKNOWN', 'UPSTREAM_BUSY', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'];
  expect(outcomes.filter((outcome) => !known.includes(outcome))).toEqual([]);
  expect(world.complaints).toEqual([]);
});

const newDevice = {
  manifest: { importToS3: { ...manifests.importToS3.importToS3, eraseDevice: true } },
  validateOnly: false,
};
const labelSender = returnAddress;

/** Advances the clock, and lets sockets work in between. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  await clock.advance(ms);
  await sleep(1);
}

async function passUntil(clock: FakeClock, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  while (!isOver) await pass(clock, 20);
}
