/** What graphql-ws does by itself, over the same networks: without it nothing here would show that a reader can miss anything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { resumable } from 'waybill-client';
import { type Event, type Field, stepsOf, subscriptions } from './events.ts';
import { ImpatientWebSocket, readDirectly } from './libraries.ts';
import { RoughProxy } from './rough-proxy.ts';
import { askOf, oneGateway } from './worlds.ts';

const waitMs = 200;

async function read(field: Field, isResumable: boolean) {
  const world = await oneGateway();
  const { emulator, port } = world;
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  const id = Buffer.from(`DataExchangeJob:${awsJobId}`).toString('base64url');
  const { jobs } = (await askOf(world)('{ jobs(first: 1) { activityCursor } }')) as {
    jobs: { activityCursor: string };
  };
  const proxy = await RoughProxy.start(port);
  const bare = createClient({
    url: proxy.url.replace('http', 'ws'),
    webSocketImpl: ImpatientWebSocket,
    retryAttempts: isResumable ? 0 : 1_000,
    retryWait: () => sleep(waitMs),
    shouldRetry: () => true,
  });
  const client = isResumable ? resumable(bare) : bare;
  onTestFinished(async () => {
    await client.dispose();
    proxy.close();
  });
  const events: Event[] = [];
  const ignore = (): void => {};
  readDirectly(client, {
    query: subscriptions[field],
    variables: field === 'jobActivity' ? { after: jobs.activityCursor } : { ids: [id] },
    onEvent: (event) => events.push(event),
    onError: ignore,
    onComplete: ignore,
  });
  // Named jobs are polled whatever happens to the reader of all.
  const watching = resumable(
    createClient({ url: `ws://127.0.0.1:${port()}/graphql`, webSocketImpl: ImpatientWebSocket, retryAttempts: 0 }),
  );
  onTestFinished(() => watching.dispose());
  const seen: Event[] = [];
  readDirectly(watching, {
    query: subscriptions.jobStateChanged,
    variables: { ids: [id] },
    onEvent: (event) => seen.push(event),
    onError: ignore,
    onComplete: ignore,
  });
  const moveTo = async (state: string): Promise<void> => {
    await emulator.move(awsJobId, { state });
    await expect.poll(() => stepsOf(seen, id).at(-1), { timeout: 10_000 }).toContain(`-> ${state}`);
  };
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
  if (field === 'jobStateChanged') await expect.poll(() => events.length, { timeout: 10_000 }).toBe(1);
  await moveTo('IN_PROGRESS');
  await expect.poll(() => stepsOf(events, id).at(-1)).toContain('-> IN_PROGRESS');
  proxy.mode = 'refuse';
  proxy.cut('rst');
  await moveTo('WAITING');
  await moveTo('IN_PROGRESS');
  proxy.mode = 'pass';
  await expect.poll(() => proxy.open, { timeout: 10_000 }).toBe(1);
  await sleep(300);
  await moveTo('COMPLETED');
  await expect.poll(() => stepsOf(events, id).at(-1), { timeout: 10_000 }).toContain('-> COMPLETED');
  return stepsOf(events, id);
}

const log = ['WAITING -> IN_PROGRESS', 'IN_PROGRESS -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];

test('graphql-ws by itself repeats the beginning of jobActivity after a lost connection', async () => {
  const steps = await read('jobActivity', false);
  expect(steps.filter((step) => !step.startsWith('null'))).toEqual([log[0], ...log]);
});

test('graphql-ws by itself misses what happened to named jobs while the connection was lost', async () => {
  expect(await read('jobStateChanged', false)).toEqual(['null -> WAITING', log[0], 'null -> IN_PROGRESS', log[3]]);
});

test.each(['jobActivity', 'jobStateChanged'] as const)('resumable does neither, of %s', async (field) => {
  const steps = await read(field, true);
  expect(steps.filter((step) => !step.startsWith('null'))).toEqual(log);
  expect(steps.length - log.length).toBeLessThanOrEqual(1);
});
