/** R19, R20: a process that cannot keep up, and one that is held up: who is turned away, who is not, and how it ends. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startChildGateway } from '../../support/child-gateway.ts';
import { globalId } from '../../support/examples.ts';
import { type Answer, ask } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { preload } from '../../support/preload.ts';
import { openEvents, openSocket, until, watchJobs } from '../live.ts';

const block = 'const block = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };';

/** From SIGWINCH to SIGCONT nearly all of its time is taken from it. */
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

/** The answer to a handshake that is refused. */
async function refusalOf(url: string): Promise<{ status: number | undefined; retryAfter: string | undefined }> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  const [, { statusCode, headers }] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return { status: statusCode, retryAfter: headers['retry-after'] };
}

test('R19 under more than it can do new work is refused on each transport, what is under way goes on, and it recovers', async () => {
  const { emulator, gateway, watchedAwsJob, watched, read } = await startHoggable();
  const { url, kill } = gateway;
  const socket = await openSocket(url);
  socket.subscribe('w', watchJobs, { ids: [watched] });
  const stream = await openEvents(url, { ids: [watched] });
  await until(() => socket.resultsOf('w').length === 1 && stream.results().length === 1);
  await emulator.fail('ImportExport.GetStatus', { delayMs: 1_500 }, 1_000);

  kill('SIGWINCH');
  const answers: Answer[] = [];
  const asked: Promise<unknown>[] = [];
  while (answers.every(({ errors }) => errors === undefined)) {
    const crowd = Array.from({ length: 40 }, () =>
      ask(url, readJob, { id: read }).then((answer) => answers.push(answer)),
    );
    asked.push(...crowd);
    await sleep(300);
  }
  await Promise.all(asked);
  const refused = answers.filter(({ errors }) => errors !== undefined);
  for (const { errors } of refused) expect(errors).toMatchObject([overloaded]);
  const served = answers.filter(({ errors }) => errors === undefined);
  expect(served).toEqual(served.map(() => ({ data: { job: { state: 'WAITING' } } })));
  // More of them than were answered before the first refusal: those were under way.
  expect(served.length).toBeGreaterThan(answers.indexOf(refused[0] ?? {}));

  const response = await fetch(url, { method: 'POST', headers: { accept: 'text/event-stream' }, body: '{}' });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await response.json()).toMatchObject({ errors: [overloaded] });
  socket.subscribe('q', readJob, { id: read });
  await until(() => socket.typesOf('q').includes('error'));
  expect(socket.frames.find(({ id }) => id === 'q')?.payload).toMatchObject([overloaded]);
  expect(await refusalOf(url)).toEqual({ status: 503, retryAfter: '5' });
  expect([await statusOf(url, '/readyz'), await statusOf(url, '/livez')]).toEqual([503, 200]);
  await emulator.move(watchedAwsJob, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => socket.resultsOf('w').length === 2 && stream.results().length === 2);
  expect(await statusOf(url, '/readyz')).toBe(503);

  kill('SIGCONT');
  await expect.poll(() => statusOf(url, '/readyz'), { timeout: 10_000 }).toBe(200);
  await emulator.heal();
  expect(await ask(url, readJob, { id: read })).toEqual({ data: { job: { state: 'WAITING' } } });
  socket.subscribe('r', readJob, { id: read });
  await until(() => socket.typesOf('r').includes('complete'));
  expect(gateway.stderr()).not.toMatch(/"level":"(?:warn|error)"/);
}, 60_000);

/** SIGWINCH holds it up for two seconds, SIGCONT for ten. */
const held = preload(`${block} process.on('SIGWINCH', () => block(2_000)).on('SIGCONT', () => block(10_000));`);

/** What asks `/livez` and gives up after this would have the process restarted. */
const probeMs = 5_000;

test('R20 sockets outlive a loop that is held up, and only ten seconds of it are seen by who asks whether it lives', async () => {
  const emulator = await startLastingEmulator();
  const { url, kill } = await startChildGateway(settingsOver(emulator.url), { nodeArgs: held });
  const { importExport } = await emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  const socket = await openSocket(url);
  socket.subscribe('w', watchJobs, { ids: [globalId('ImportExportJob', awsJobId)] });
  const isTold = (states: string[]) =>
    until(
      () =>
        socket
          .resultsOf('w')
          .flatMap(({ data }) => data?.jobStateChanged?.state ?? [])
          .join() === states.join(),
    );
  await isTold(['WAITING']);

  kill('SIGWINCH');
  await sleep(200);
  const twoSeconds = statusOf(url, '/livez', probeMs);
  await emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  expect(await twoSeconds).toBe(200);
  await isTold(['WAITING', 'IN_PROGRESS']);

  kill('SIGCONT');
  await sleep(200);
  expect(await statusOf(url, '/livez', probeMs)).toBeUndefined();
  await emulator.move(awsJobId, { progressCode: 'Complete' });
  await isTold(['WAITING', 'IN_PROGRESS', 'COMPLETED']);
  expect(await statusOf(url, '/livez', probeMs)).toBe(200);
  expect(await statusOf(url, '/readyz', probeMs)).toBe(200);
}, 60_000);
