/** The breaker: it sends nothing to a failing backend, and probes it. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { awsBackends, credentialsProvider } from '../../../src/backends/index.ts';
import { dataExchangeDetails } from '../../support/examples.ts';
import { openSocket, until, watchJobs } from '../../support/live.ts';
import { skippingClock } from '../../support/skipping-clock.ts';
import { startWorld } from '../../unit/backends/calls/world.ts';
import { type GatewayWorld, operations, readJob, type Service, services, startGatewayWorld } from './world.ts';

const other: Readonly<Record<Service, Service>> = { dataExchange: 'importExport', importExport: 'dataExchange' };

/** Reads until `count` requests have failed. */
async function failRequests(world: GatewayWorld, service: Service, count: number): Promise<void> {
  const operation = operations[service];
  const before = await world.requests(operation);
  await world.emulator.fail(operation, { status: 503 }, count);
  while ((await world.requests(operation)) < before + count) await world.read(service);
  await world.emulator.heal();
}

async function readMany(world: GatewayWorld, service: Service, count: number): Promise<string[]> {
  const outcomes: string[] = [];
  for (let read = 0; read < count; read += 1) outcomes.push(await world.read(service));
  return outcomes;
}

/** Whether the next read is sent. */
async function isOpen(world: GatewayWorld, service: Service): Promise<boolean> {
  const before = await world.requests(operations[service]);
  const outcome = await world.read(service);
  const isSent = (await world.requests(operations[service])) > before;
  expect(outcome).toBe(isSent ? 'done' : 'UPSTREAM_UNAVAILABLE');
  return !isSent;
}

describe.each(services)('%s', (service) => {
  test.each([
    [0, 9, false],
    [0, 10, true],
    [10, 9, false],
    [10, 10, true],
    [11, 10, false],
  ])('After %i answers and %i failures the breaker is open: %s', async (answers, failures, expected) => {
    const world = await startGatewayWorld({ clock: skippingClock() });
    await readMany(world, service, answers);
    await failRequests(world, service, failures);
    expect(await isOpen(world, service)).toBe(expected);
  });

  test('Failures older than ten seconds do not count', async () => {
    const clock = skippingClock();
    const world = await startGatewayWorld({ clock });
    await failRequests(world, service, 9);
    clock.skip(10_000);
    await failRequests(world, service, 9);
    expect(await isOpen(world, service)).toBe(false);
  });

  test('After five seconds one probe is sent; after a failed probe five more seconds pass, after an answered one all requests are sent', async () => {
    const clock = skippingClock();
    const world = await startGatewayWorld({ clock });
    const operation = operations[service];
    await world.emulator.fail(operation, { status: 503 }, 1_000);
    await readMany(world, service, 20);
    expect(await world.requests(operation)).toBe(10);
    clock.skip(4_000);
    await readMany(world, service, 5);
    expect(await world.requests(operation)).toBe(10);
    clock.skip(1_000);
    await readMany(world, service, 5);
    expect(await world.requests(operation)).toBe(11);
    await world.emulator.heal();
    expect(await isOpen(world, service)).toBe(true);
    clock.skip(5_000);
    expect(await readMany(world, service, 5)).toEqual(Array(5).fill('done'));
  });

  test('While a probe is in flight other requests are refused at once', async () => {
    const clock = skippingClock();
    const world = await startGatewayWorld({ clock });
    await failRequests(world, service, 10);
    clock.skip(5_000);
    await world.emulator.fail(operations[service], { delayMs: 500 });
    const probe = world.read(service);
    await until(() => world.proxies[service].connections > 0);
    while ((await world.requests(operations[service])) < 11) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await readMany(world, service, 3)).toEqual(Array(3).fill('UPSTREAM_UNAVAILABLE'));
    expect(await probe).toBe('done');
    expect(await world.requests(operations[service])).toBe(11);
    expect(await isOpen(world, service)).toBe(false);
  });

  test.each([
    [400, 'ValidationException'],
    [403, 'AccessDenied'],
    [404, 'ResourceNotFoundException'],
    [429, 'TooManyRequests'],
  ])('Any number of %i %s leaves the breaker closed, and does not hide failures', async (status, awsCode) => {
    const world = await startGatewayWorld({ clock: skippingClock() });
    await world.emulator.fail(operations[service], { status, awsCode }, 1_000);
    await readMany(world, service, 40);
    expect(await world.requests(operations[service])).toBeGreaterThanOrEqual(40);
    await world.emulator.heal();
    expect(await isOpen(world, service)).toBe(false);
    // With the one answer they are ten calls.
    await failRequests(world, service, 9);
    expect(await isOpen(world, service)).toBe(true);
  });

  test('A refused probe closes the breaker', async () => {
    const clock = skippingClock();
    const world = await startGatewayWorld({ clock });
    await failRequests(world, service, 10);
    clock.skip(5_000);
    await world.emulator.fail(operations[service], { status: 403, awsCode: 'AccessDenied' });
    expect(await world.read(service)).not.toBe('done');
    expect(await isOpen(world, service)).toBe(false);
  });

  test('Where reads of one service fail, its creates, its polls and the other service are not affected', async () => {
    const world = await startGatewayWorld({ clock: skippingClock() });
    await failRequests(world, service, 10);
    expect(await isOpen(world, service)).toBe(true);
    expect(await isOpen(world, other[service])).toBe(false);
    const { data, errors } = await world.ask(create, { input: newJob });
    expect([data, errors]).toMatchObject([{ createDataExchangeJob: { job: { state: 'WAITING' } } }, undefined]);
    const socket = await openSocket(world.url);
    socket.subscribe('s', watchJobs, { ids: [world.nextId(service)] });
    await until(() => socket.resultsOf('s').length === 1);
    expect(socket.resultsOf('s')[0]).toMatchObject({ data: { jobStateChanged: { state: 'WAITING' } } });
  });

  test('An open breaker refuses at once, with Retry-After, and opens no socket', async () => {
    const world = await startGatewayWorld({ clock: skippingClock() });
    await failRequests(world, service, 10);
    const { connections } = world.proxies[service];
    await world.emulator.fail('*', { never: true }, 1_000);
    for (let read = 0; read < 50; read += 1) {
      const { errors } = await world.ask(readJob, { id: world.nextId(service) });
      expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
      const retryAfterMs = Number(errors?.[0]?.extensions?.['retryAfterMs']);
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(5_000);
    }
    expect(world.proxies[service].connections).toBe(connections);
    expect(await world.requests(operations[service])).toBe(10);
  });
});

const create =
  'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { state } } }';
const newJob = { details: dataExchangeDetails.EXPORT_ASSETS_TO_S3 };

test('A create that the breaker refuses has a clear outcome, and its key stays free', async () => {
  const clock = skippingClock();
  const world = await startGatewayWorld({ clock });
  const operation = 'DataExchange.CreateJob';
  await world.emulator.fail(operation, { status: 503 }, 1_000);
  const codes: unknown[] = [];
  for (let made = 0; made < 12; made += 1) {
    const { errors } = await world.ask(create, { input: newJob });
    codes.push(errors?.[0]?.extensions?.['code']);
  }
  expect(codes).toEqual([...Array(10).fill('OUTCOME_UNKNOWN'), 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE']);
  expect(await world.requests(operation)).toBe(10);
  await world.emulator.heal();
  const keyed = { ...newJob, idempotencyKey: 'one-key-for-both-calls' };
  const refused = await world.ask(create, { input: keyed });
  expect(refused.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  clock.skip(5_000);
  expect(await world.ask(create, { input: keyed })).toMatchObject({ data: { createDataExchangeJob: { job: {} } } });
  expect(await world.requests(operation)).toBe(11);
});

test('The observer receives each request, each retry and each state', async () => {
  const clock = skippingClock();
  const { proxy, jobs, fail, heal } = await startWorld({ clock });
  const observed: string[] = [];
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { dataExchange } = await awsBackends({
    endpoints: { dataExchange: proxy.origin, importExport: proxy.origin },
    importExportSignature: 'v4',
    credentials: credentialsProvider(undefined),
    clock,
    observer: {
      onRequest: ({ service, operation, kind, outcome }) => observed.push(`${service} ${operation} ${kind} ${outcome}`),
      onRetry: ({ service }) => observed.push(`${service} retry`),
      onBreaker: ({ service, kind, state }) => observed.push(`${service} ${kind} ${state}`),
    },
  });
  const { signal } = new AbortController();
  const read = () => dataExchange.getJob(jobs.dataExchange, { signal, purpose: 'poll' }).catch(() => {});
  await fail('*', { status: 503 });
  await dataExchange.getJob(jobs.dataExchange, { signal });
  await fail('*', { status: 503 }, 10);
  for (let made = 0; made < 11; made += 1) await read();
  await heal();
  clock.skip(5_000);
  await read();
  expect(observed).toEqual([
    'DATA_EXCHANGE GetJob read failed',
    'DATA_EXCHANGE retry',
    'DATA_EXCHANGE GetJob read answered',
    ...Array(9).fill('DATA_EXCHANGE GetJob poll failed'),
    'DATA_EXCHANGE poll open',
    'DATA_EXCHANGE GetJob poll failed',
    'DATA_EXCHANGE GetJob poll breaker-open',
    'DATA_EXCHANGE poll half-open',
    'DATA_EXCHANGE poll closed',
    'DATA_EXCHANGE GetJob poll answered',
  ]);
});
