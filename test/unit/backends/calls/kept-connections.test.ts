import { createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { httpTransport } from '../../../../src/backends/calls/http-transport.ts';
import { readBody } from '../../../../src/backends/calls/transport.ts';

const reply = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Calls `onRequest` with each request and its number on its connection, from 1. */
async function peer(onRequest: (socket: Socket, number: number) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let number = 0;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {
      number += 1;
      onRequest(socket, number);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

const signal = new AbortController().signal;

async function read(send: ReturnType<typeof httpTransport>, url: string): Promise<string> {
  const response = await send(url, { method: 'GET', headers: {}, signal });
  const text = Buffer.from(await readBody(response, 100)).toString();
  // undici reuses a connection only after the last byte of the reply was read.
  await setTimeout(10);
  return text;
}

for (const end of ['destroy', 'resetAndDestroy'] as const) {
  test(`A peer that ends (${end}) each kept connection at its second request costs no read`, async () => {
    const send = httpTransport();
    const url = await peer((socket, number) => (number === 1 ? socket.write(reply) : socket[end]()));
    for (let index = 0; index < 12; index += 1) expect(await read(send, url)).toBe('ok');
  });
}

test('A request is sent once more, and not again, to a peer that ends new connections as well', async () => {
  const send = httpTransport();
  let isDown = false;
  let requests = 0;
  const url = await peer((socket) => {
    requests += 1;
    if (isDown) socket.resetAndDestroy();
    else socket.write(reply);
  });
  await read(send, url);
  isDown = true;
  requests = 0;
  await expect(read(send, url)).rejects.toThrow();
  expect(requests).toBe(2);
  await expect(read(send, url)).rejects.toThrow();
  expect(requests).toBe(3);
});

test('A read whose answer had begun on a kept connection is not sent again by the transport', async () => {
  const send = httpTransport();
  let requests = 0;
  const url = await peer((socket, number) => {
    requests += 1;
    if (number === 1) return socket.write(reply);
    socket.write('HTTP/1.1 200 O', () => socket.destroy());
    return false;
  });
  await read(send, url);
  await expect(read(send, url)).rejects.toThrow();
  expect(requests).toBe(2);
});
