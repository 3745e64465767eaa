/** The start and the shutdown of the gateway as a process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startChildGateway } from '../../support/child-gateway.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { globalId } from '../../support/examples.ts';
import { ask } from '../../support/gateway.ts';
import { openSocket, until } from '../../support/live.ts';

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}

/** The status of a refused WebSocket handshake, and its `Retry-After`. */
function refusedHandshake(url: string): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    socket.on('unexpected-response', (_, { statusCode, headers }) => resolve([statusCode, headers['retry-after']]));
    socket.on('error', reject);
  });
}

test('on SIGTERM it is not ready at once, refuses new operations, and exits with 0', async () => {
  const { url, kill, exit } = await startChildGateway();
  const ready = url.replace('/graphql', '/readyz');
  expect(await statusOf(ready)).toBe(200);
  kill('SIGTERM');
  await sleep(100);
  expect(await statusOf(ready)).toBe(503);
  expect(await statusOf(url.replace('/graphql', '/livez'))).toBe(200);
  expect(await ask(url, '{ __typename }')).toMatchObject({ errors: [{ extensions: { code: 'SHUTTING_DOWN' } }] });
  expect(await refusedHandshake(url)).toEqual([503, '1']);
  expect(await exit).toEqual({ code: 0, signal: null });
});

test('on SIGTERM a socket with a stream is closed with 1012 and no other message, and requests in flight are answered', async () => {
  const { url, emulatorUrl, kill, exit } = await startChildGateway();
  const emulator = new EmulatorControl(emulatorUrl);
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const socket = await openSocket(url);
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? '')];
  const query = 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }';
  socket.subscribe('1', query, { ids });
  await until(() => socket.frames.some(({ type }) => type === 'next'));
  await emulator.fail('ImportExport.GetStatus', { delayMs: 1_500 });
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  const inFlight = ask(url, 'query ($id: ID!) { job(id: $id) { state } }', { id });
  await sleep(300);
  kill('SIGTERM');
  expect(await inFlight).toEqual({ data: { job: { state: 'WAITING' } } });
  expect(await exit).toEqual({ code: 0, signal: null });
  expect(socket.typesOf('1')).toEqual(['next']);
  expect(socket.closed).toMatchObject({ code: 1012 });
});

test('a second SIGTERM ends the process at once', async () => {
  const { kill, exit } = await startChildGateway();
  kill('SIGTERM');
  await sleep(100);
  kill('SIGTERM');
  expect(await exit).toEqual({ code: 1, signal: null });
});

test('a port in use is reported in one line, and the exit code is 1', async () => {
  const { url } = await startChildGateway();
  const { port } = new URL(url);
  const second = startChildGateway({ PORT: port });
  await expect(second).rejects.toThrow(/exit 1: waybill: [^\n]*EADDRINUSE[^\n]*\n$/);
});
