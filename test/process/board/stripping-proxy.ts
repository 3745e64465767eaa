/** A proxy that serves the gateway below a path, as an operator's does: it strips the path before it forwards. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** The URL of what `target` serves at `/`, below `path`, which begins and ends with a slash. It ends with the test. */
export async function startStrippingProxy(target: string, path: string): Promise<string> {
  const forwarded = (incoming: IncomingMessage) =>
    request(new URL((incoming.url ?? '').slice(path.length - 1), target), {
      method: incoming.method ?? 'GET',
      headers: incoming.headers,
    });
  const sockets = new Set<Socket>();
  const server = createServer((incoming, answer) => {
    if (!incoming.url?.startsWith(path)) {
      answer.writeHead(404).end();
      return;
    }
    const sent = forwarded(incoming);
    sent.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    sent.on('error', () => answer.destroy());
    incoming.pipe(sent);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    const sent = forwarded(incoming);
    sent.on('upgrade', (response, upstream) => {
      const lines = response.rawHeaders.reduce((text, part, index) => text + part + (index % 2 ? '\r\n' : ': '), '');
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
      upstream.pipe(socket).pipe(upstream);
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    sent.on('response', () => socket.destroy());
    sent.on('error', () => socket.destroy());
    sent.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
}
