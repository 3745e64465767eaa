/** Serves the emulator on a socket. It adds only what needs a socket. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Emulator } from './index.ts';
import type { ConnectionEnd } from './variety/connections.ts';

export interface EmulatorServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on loopback; port 0 takes a free one. */
export async function serveEmulator(emulator: Emulator, port: number): Promise<EmulatorServer> {
  const used = new WeakSet<Socket>();
  const server = createServer((message, reply) => {
    const end = emulator.connections?.endOf(message.url ?? '/', used.has(message.socket));
    used.add(message.socket);
    if (end === 'unanswered') message.socket.destroy();
    else void respond(emulator, message, ending(message.socket, reply, end));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `reply`, set up to end its connection as `end` says. */
function ending(socket: Socket, reply: ServerResponse, end: ConnectionEnd | undefined): ServerResponse {
  if (end === 'announced') reply.shouldKeepAlive = false;
  if (end === 'silent') reply.once('finish', () => socket.end());
  return reply;
}

async function respond(emulator: Emulator, message: IncomingMessage, reply: ServerResponse): Promise<void> {
  const caller = new AbortController();
  reply.once('close', () => caller.abort());
  try {
    await send(await emulator.handle(requestFrom(message, caller.signal)), reply);
  } catch (error) {
    if (isReset(error)) message.socket.resetAndDestroy();
    else reply.writeHead(500).end(`The emulator itself has failed: ${error}`);
  }
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

function requestFrom(message: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/' } = message;
  const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(message);
  const init = { method, headers: headersOf(message), body, duplex: 'half' as const, signal };
  return new Request(`http://${message.headers.host ?? '127.0.0.1'}${url}`, init);
}

/** Both types are the same class: Node declares the web streams a second time beside the global ones. */
function bodyOf(message: IncomingMessage): ReadableStream {
  return Readable.toWeb(message) as ReadableStream;
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}

/** A body that fails midway closes the connection after its last bytes. */
async function send(response: Response, reply: ServerResponse): Promise<void> {
  reply.sendDate = false;
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  reply.flushHeaders();
  try {
    for await (const chunk of response.body ?? []) await written(reply, chunk);
    reply.end();
  } catch {
    reply.destroy();
  }
}

function written(reply: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => reply.write(chunk, (error) => (error ? reject(error) : resolve())));
}
