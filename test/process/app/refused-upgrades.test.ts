/** WebSocket upgrades that arrive while the gateway shuts down. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { openConnection, requestBytes } from '../../support/raw-http.ts';

const upgrade = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
];

/** The parts of the last response that say what the client should do. */
function answerIn(text: string): readonly (string | undefined)[] {
  const last = text.slice(text.lastIndexOf('HTTP/1.1'));
  return [/^HTTP\/1\.1 (\d+)/.exec(last)?.[1], /^Retry-After: (\d+)/im.exec(last)?.[1]];
}

test('every upgrade during the shutdown is answered with 503 and Retry-After, and none is reset', async () => {
  const { url, kill, exit } = await startChildGateway();
  const bytes = requestBytes(url, { method: 'GET', headers: upgrade });
  // The balancer has opened these before, and sends its upgrades when clients come.
  const [kept, early, late] = await Promise.all([openConnection(url), openConnection(url), openConnection(url)]);
  const { host } = new URL(url);
  kept.socket.write(`GET /livez HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  // A request under way keeps the process for six seconds.
  const slow = await openConnection(url);
  slow.socket.write(`POST /graphql HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\n{`);
  await expect.poll(kept.status).toBe(200);
  kill('SIGTERM');
  await sleep(200);
  const within = await openConnection(url);
  // With more data than the gateway has read when it closes the connection.
  within.socket.write(Buffer.concat([bytes, Buffer.alloc(200_000)]));
  early.socket.write(bytes);
  kept.socket.write(bytes);
  // The gateway accepts no connection any more, and answers on those that it has.
  await sleep(3_000);
  late.socket.write(bytes);
  await Promise.all([within.closed, early.closed, kept.closed, late.closed]);
  for (const { text } of [within, early, kept, late]) expect(answerIn(text())).toEqual(['503', '1']);
  slow.socket.destroy();
  expect((await exit).code).toBe(0);
});
