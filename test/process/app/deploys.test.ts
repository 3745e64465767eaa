/** What the readers of a gateway that is replaced notice: only a lost connection, after which they resume. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { Balancer } from '../../support/balancer.ts';
import { startChildGateway } from '../../support/child-gateway.ts';
import { globalId } from '../../support/examples.ts';
import { temporaryFolder } from '../../support/gateway.ts';
import { GatewayCluster } from '../../support/gateway-cluster.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { cursorsOf, eventsOf, type LiveResult, openEvents, stepsOf, until, watchJobs } from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';

const activity = `subscription ($after: String) { jobActivity(after: $after) {
  cursor ... on JobStateChange { previousState state job { id } } } }`;

/**
 * One subscription of a client of graphql-ws, which reconnects by itself and then sends the variables again: `after` is
 * the last cursor by then.
 */
function followed(url: string, query: string, variables: Record<string, unknown>) {
  const results: LiveResult[] = [];
  const closes: number[] = [];
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => sleep(50),
    shouldRetry: () => true,
    on: { closed: (event) => closes.push((event as { readonly code: number }).code) },
  });
  onTestFinished(() => void client.dispose());
  const resumed = {
    ...variables,
    get after() {
      return cursorsOf(results).at(-1);
    },
  };
  const outcome: { ended?: unknown } = {};
  client.subscribe(
    { query, variables: resumed },
    {
      next: (result) => results.push(result as LiveResult),
      error: (error) => Object.assign(outcome, { ended: error }),
      complete: () => Object.assign(outcome, { ended: 'completed' }),
    },
  );
  return { results, closes, outcome };
}

test('a client of graphql-ws resumes at the restarted gateway, and nothing is lost or repeated', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  const first = await startChildGateway(env);
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const [asset = '', disk = ''] = [...dataExchange, ...importExport];
  const ids = [globalId('DataExchangeJob', asset), globalId('ImportExportJob', disk)];
  const watched = followed(first.url, watchJobs, { ids });
  await until(() => watched.results.length === 2);
  await emulator.move(asset, { state: 'IN_PROGRESS' });
  await until(() => watched.results.length === 3);
  const stopped = first.stop();
  await emulator.move(disk, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  expect(await stopped).toEqual({ code: 0, signal: null });
  await emulator.move(asset, { state: 'COMPLETED' });
  await startChildGateway({ ...env, PORT: new URL(first.url).port });
  await until(() => stepsOf(watched.results, ids[0]).at(-1) === 'IN_PROGRESS -> COMPLETED');
  await emulator.move(disk, { progressCode: 'Complete' });
  await until(() => watched.outcome.ended !== undefined);
  expect(watched.outcome.ended).toBe('completed');
  expect(watched.closes[0]).toBe(1012);
  expect(watched.results.flatMap(({ errors = [] }) => errors)).toEqual([]);
  expect(ids.map((id) => stepsOf(watched.results, id))).toEqual([
    ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'],
    ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'],
  ]);
}, 60_000);

test('a stream of server-sent events breaks off without an end, and its last event id resumes it', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  const first = await startChildGateway(env);
  const [asset = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
  const ids = [globalId('DataExchangeJob', asset)];
  const stream = await openEvents(first.url, { ids });
  await until(() => stream.events().length === 1);
  expect(await first.stop()).toEqual({ code: 0, signal: null });
  expect(await stream.brokeOff).toBe(true);
  expect(stream.events().map(({ event }) => event)).toEqual(['next']);
  expect(first.stderr()).not.toMatch(/unexpected|abandoned/);
  await emulator.move(asset, { state: 'COMPLETED' });
  const second = await startChildGateway(env);
  const back = await openEvents(second.url, { ids }, { 'last-event-id': stream.events().at(-1)?.id ?? '' });
  expect(await back.brokeOff).toBe(false);
  expect(stepsOf(back.results())).toEqual(['WAITING -> COMPLETED']);
  expect(back.events().map(({ event }) => event)).toEqual(['next', 'complete']);
}, 60_000);

// Skipped without Debian's redis-server: apt-get install redis-server, then npm run test:rest.
describe.skipIf(!hasRedis)('behind a balancer', () => {
  test('a client of graphql-ws moves to the other gateway, and nothing is lost or repeated', {
    timeout: 90_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const balancer = await Balancer.start();
    const old = await cluster.startMember();
    await balancer.add(old.url);
    const [disk = ''] = (await cluster.emulator.seed({ importExport: 1 })).importExport;
    const watched = [
      followed(balancer.url, watchJobs, { ids: [globalId('ImportExportJob', disk)] }),
      followed(balancer.url, activity, {}),
    ];
    const locations = ['Pending', 'InProgress'];
    const move = async (round: number): Promise<void> => {
      await cluster.emulator.move(disk, { progressCode: locations[round % 2], locationCode: 'AtAWS' });
      await sleep(400);
    };
    await until(() => watched[0]?.results.length === 1);
    for (const round of [1, 2, 3]) await move(round);
    // Without an event it would have no cursor to resume from.
    await until(() => watched.every(({ results }) => results.length >= 2));
    await balancer.add((await cluster.startMember()).url);
    await cluster.joined(2);
    const stopped = old.stop();
    for (let round = 4; watched.some(({ closes }) => closes.length === 0); round += 1) await move(round);
    expect(await stopped).toEqual({ code: 0, signal: null });
    balancer.remove(old.url);
    await cluster.emulator.move(disk, { progressCode: 'Complete' });
    await until(() => watched.every(({ results }) => stepsOf(results).at(-1)?.endsWith('-> COMPLETED')));
    const observed = await cluster.observed();
    for (const { results, closes } of watched) {
      expect(closes[0]).toBe(1012);
      expect(results.flatMap(({ errors = [] }) => errors)).toEqual([]);
      expect(eventsOf(results).length).toBeGreaterThan(4);
      const steps = stepsOf(results).filter((step) => !step.startsWith('null'));
      expect(steps).toEqual(observed.filter((step) => !step.startsWith('null')));
    }
  });
});
