/** A process under overload, and one whose event loop is blocked: which operations it refuses, and how it recovers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { globalId } from '../../support/examples.ts';
import { type Answer, ask } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { openEvents, openSocket, until, watchJobs } from '../../support/live.ts';
import { preload } from '../../support/preload.ts';

const block = 'const block = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };';

/** From SIGWINCH to SIGCONT its event loop is blocked nearly all of the time. */
const hog = preload(`${block} let next;
  const take = () => { block(400); next = setTimeout(take, 20); };
  process.on('SIGWINCH', take).on('SIGCONT', () => clearTimeout(next));`);

async function startHoggable() {
  const emulator = await startLastingEmulator();
  const gateway = await startChildGateway(settingsOver(emulator.url), { nodeArgs: hog });
  const { importExport } = await emulator.seed({ importExport: 2 });
  const [watched = '', read = ''] = importExport.map((awsJobId) => globalId('ImportExportJob', awsJobId));
  return { emulator, gateway, watchedAwsJob: importExport[0] ?? '', watched, read };
}

const readJob = 'query ($id: ID!) { job(id: $id) { state } }';
const overloaded = { extensions: { code: 'OVERLOADED', retryable: true, retryAfterMs: 5_000 } };

async function statusOf(url: string, path: string, patienceMs = 60_000): Promise<number | undefined> {
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await fetch(new URL(path, url), { signal }).catch(() => undefined);
  await answer?.text();
  return answer?.status;
}

test('an overloaded gateway refuses what it could not start within half a second, continues what is under way, and recovers', async () => {
  const { emulator, gateway, watchedAwsJob, watched, read } = await startHoggable();
  const { url, kill } = gateway;
  const socket = await openSocket(url);
  socket.subscribe('w', watchJobs, { ids: [watched] });
  const stream = await openEvents(url, { ids: [watched] });
  await until(() => socket.resultsOf('w').length === 1 && stream.results().length === 1);
  await emulator.fail('ImportExport.GetStatus', { delayMs: 1_500 }, 1_000);

  // More than may always wait, each over an open connection, since an overloaded gateway also accepts connections slowly.
  const asks = Array.from({ length: 800 }, () => () => ask(url, readJob, { id: read }));
  await Promise.all(asks.map((one) => one()));
  kill('SIGWINCH');
  const answers: Answer[] = [];
  let isDone = false;
  const loops = asks.map(async (one) => {
    let answer: Answer = {};
    while (!isDone && answer.errors === undefined) {
      answer = await one();
      answers.push(answer);
    }
  });
  const refusals = (): Answer[] => answers.filter(({ errors }) => errors !== undefined);
  await until(() => refusals().length > 0);

  expect(await statusOf(url, '/livez')).toBe(200);
  await emulator.move(watchedAwsJob, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => socket.resultsOf('w').length === 2 && stream.results().length === 2);
  isDone = true;
  await Promise.all(loops);
  for (const { errors } of refusals()) expect(errors).toMatchObject([overloaded]);
  const served = answers.filter(({ errors }) => errors === undefined);
  expect(served).toEqual(served.map(() => ({ data: { job: { state: 'WAITING' } } })));
  expect(served.length).toBeGreaterThanOrEqual(64);

  kill('SIGCONT');
  await expect.poll(() => statusOf(url, '/readyz'), { timeout: 10_000 }).toBe(200);
  await emulator.heal();
  expect(await ask(url, readJob, { id: read })).toEqual({ data: { job: { state: 'WAITING' } } });
  socket.subscribe('r', readJob, { id: read });
  await until(() => socket.typesOf('r').includes('complete'));
  expect(gateway.stderr()).not.toMatch(/"level":"(?:warn|error)"/);
}, 60_000);

/** SIGWINCH blocks the event loop for two seconds, SIGCONT for ten. */
const held = preload(`${block} process.on('SIGWINCH', () => block(2_000)).on('SIGCONT', () => block(10_000));`);

/** A liveness probe with this timeout would restart the process. */
const probeMs = 5_000;

test('sockets survive a blocked event loop, and a liveness probe of 5 s notices a block of ten seconds but not one of two', async () => {
  const emulator = await startLastingEmulator();
  const { url, kill } = await startChildGateway(settingsOver(emulator.url), { nodeArgs: held });
  const { importExport } = await emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  const socket = await openSocket(url);
  socket.subscribe('w', watchJobs, { ids: [globalId('ImportExportJob', awsJobId)] });
  const hasReceived = (states: string[]) =>
    until(
      () =>
        socket
          .resultsOf('w')
          .flatMap(({ data }) => data?.jobStateChanged?.state ?? [])
          .join() === states.join(),
    );
  await hasReceived(['WAITING']);

  kill('SIGWINCH');
  await sleep(200);
  const twoSeconds = statusOf(url, '/livez', probeMs);
  await emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  expect(await twoSeconds).toBe(200);
  await hasReceived(['WAITING', 'IN_PROGRESS']);

  kill('SIGCONT');
  await sleep(200);
  expect(await statusOf(url, '/livez', probeMs)).toBeUndefined();
  await emulator.move(awsJobId, { progressCode: 'Complete' });
  await hasReceived(['WAITING', 'IN_PROGRESS', 'COMPLETED']);
  expect(await statusOf(url, '/livez', probeMs)).toBe(200);
  expect(await statusOf(url, '/readyz', probeMs)).toBe(200);
}, 60_000);
