/** Checks that nothing but its own log lines appears when peers disconnect while the process writes to them. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { globalId } from '../../support/examples.ts';
import { ask } from '../../support/gateway.ts';

const watchJobs =
  'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { cursor ... on JobStateChange { state job { id } } } }';

/** Sends more than it reads, and disconnects while the answers are on their way. */
async function leaveWebSocket({ url }: ChildGateway, ids: readonly string[]): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  const send = (message: object): void => socket.send(JSON.stringify(message));
  send({ type: 'connection_init' });
  await once(socket, 'message');
  for (let sent = 0; sent < 20; sent += 1) {
    send({ type: 'ping', payload: { padding: 'x'.repeat(30_000) } });
    send({ type: 'subscribe', id: `w${sent}`, payload: { query: watchJobs, variables: { ids } } });
    send({ type: 'subscribe', id: `q${sent}`, payload: { query: '{ jobs(first: 200) { nodes { id } } }' } });
  }
  await Promise.race([once(socket, 'message'), once(socket, 'close')]);
  socket.terminate();
}

/** The same over HTTP: a stream and an unread response on one connection. */
async function leaveHttp({ url }: ChildGateway, ids: readonly string[]): Promise<void> {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
  const request = (accept: string, body: string): string =>
    `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: ${accept}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  socket.write(
    request('application/json', JSON.stringify({ query: '{ jobs(first: 200) { nodes { id state } } }' })) +
      request('text/event-stream', JSON.stringify({ query: watchJobs, variables: { ids } })),
  );
  await once(socket, 'data');
  socket.resetAndDestroy();
}

test('peers that disconnect during a write cause only JSON log lines of level info', async () => {
  const gateway = await startChildGateway();
  const { dataExchange } = await new EmulatorControl(gateway.emulatorUrl).seed({ dataExchange: 20 });
  const ids = dataExchange.map((id) => globalId('DataExchangeJob', id));
  for (let round = 0; round < 10; round += 1) {
    const leavers = [leaveWebSocket, leaveHttp, leaveWebSocket, leaveHttp].map((leave) => leave(gateway, ids));
    await Promise.all(leavers);
  }
  expect(await ask(gateway.url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
  const lines = gateway.stderr().trimEnd().split('\n');
  expect(lines.filter((line) => !/^\{"level":"info",.*\}$/.test(line))).toEqual([]);
}, 60_000);
