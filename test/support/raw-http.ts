/** Bytes over a TCP connection as they are, for what no client of HTTP would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RawConnection {
  readonly socket: Socket;
  /** All that came back so far. */
  readonly text: () => string;
  /** The status of the first answer; undefined while there is none. */
  readonly status: () => number | undefined;
  /** Resolves once the connection is gone, by whichever side. */
  readonly closed: Promise<unknown>;
}

export async function openConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // Broken connections are what these tests make.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  const status = (): number | undefined => {
    const digits = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return { socket, text: () => text, status, closed };
}

/** Sends `bytes` and gives what comes back until the other side closes. */
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

/** A POST of `body` as JSON, unless said otherwise, after which the connection ends. */
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

/** Sends one byte of `text` every `intervalMs` until the connection is gone. */
export async function drip({ socket }: RawConnection, text: string, intervalMs: number): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed || !socket.writable) return;
    socket.write(byte);
    await sleep(intervalMs);
  }
}
