/** Sends raw bytes over TCP, for requests that no HTTP client would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RawConnection {
  readonly socket: Socket;
  /** The received text so far. */
  readonly text: () => string;
  /** The status of the first response; undefined until it arrives. */
  readonly status: () => number | undefined;
  /** Resolves once either side has closed the connection. */
  readonly closed: Promise<unknown>;
}

export async function openConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // These tests break connections on purpose.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  const status = (): number | undefined => {
    const digits = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return { socket, text: () => text, status, closed };
}

/** Sends `bytes` and resolves to the response once the connection is closed. */
export async function exchange(url: string, bytes: string | Buffer): Promise<string> {
  const { socket, text, closed } = await openConnection(url);
  socket.write(bytes);
  await closed;
  return text();
}

export interface RawRequest {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
}

/** A POST of `body` as JSON by default, with `Connection: close`. */
export function requestBytes(
  url: string,
  { method = 'POST', target, headers = ['Content-Type: application/json'], body = '' }: RawRequest,
): Buffer {
  const { host, pathname } = new URL(url);
  const bytes = Buffer.from(body);
  const lines = [
    `${method} ${target ?? pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...headers,
    ...(bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

/** Sends one byte of `text` every `intervalMs` until the connection is closed. */
export async function drip({ socket }: RawConnection, text: string, intervalMs: number): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed || !socket.writable) return;
    socket.write(byte);
    await sleep(intervalMs);
  }
}
