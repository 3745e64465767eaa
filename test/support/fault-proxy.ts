/** A TCP proxy on loopback that injects faults. It supports one exchange at a time on each connection. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Faults {
  /** Max bytes of a request that pass; the connection is reset after them. */
  readonly requestBytes?: number;
  /** Max bytes of a reply that pass, or its status line and headers. */
  readonly replyBytes?: number | 'head';
  /** What happens after them; a reset by default. */
  readonly atReplyLimit?: 'end' | 'reset' | 'stall';
  readonly bytesPerSecond?: number;
  readonly latencyMs?: number;
  /** Bytes after each reply: others, or the reply again. */
  readonly afterReply?: 'itself' | { readonly junk: string };
}

export interface FaultProxy {
  readonly origin: string;
  /** May be changed at any time, also for open connections. */
  faults: Faults;
  /** The number of connections so far. */
  readonly connections: number;
}

/** Forwards to `port` until the test ends. */
export async function startFaultProxy(port: number, faults: Faults = {}): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    proxy.connections += 1;
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}).setNoDelay());
    new Exchange(client, upstream, () => proxy.faults);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, faults, connections: 0 };
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return proxy;
}

/** Forwards one connection with its faults. */
class Exchange {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #faults: () => Faults;
  #requestBytes = 0;
  #reply: Buffer = Buffer.alloc(0);
  #passed = 0;
  /** Replies are written one after the other, however slowly. */
  #writing: Promise<void> = Promise.resolve();

  constructor(client: Socket, upstream: Socket, faults: () => Faults) {
    this.#client = client;
    this.#upstream = upstream;
    this.#faults = faults;
    client.on('data', (chunk) => this.#onRequest(chunk)).on('close', () => upstream.destroy());
    upstream.on('data', (chunk) => this.#onReply(chunk)).on('close', () => this.#writing.then(() => this.#close()));
  }

  #onRequest(chunk: Buffer): void {
    if (isComplete(this.#reply)) {
      this.#requestBytes = 0;
      this.#reply = Buffer.alloc(0);
      this.#passed = 0;
    }
    this.#requestBytes += chunk.length;
    const { requestBytes = Number.POSITIVE_INFINITY } = this.#faults();
    if (this.#requestBytes > requestBytes) this.#client.resetAndDestroy();
    else this.#upstream.write(chunk);
  }

  #onReply(chunk: Buffer): void {
    const { replyBytes, afterReply } = this.#faults();
    this.#reply = Buffer.concat([this.#reply, chunk]);
    const limit = replyBytes === 'head' ? headLength(this.#reply) : (replyBytes ?? Number.POSITIVE_INFINITY);
    const passing = this.#reply.subarray(this.#passed, limit);
    this.#passed += passing.length;
    const follows = afterReply && isComplete(this.#reply) ? following(afterReply, this.#reply) : '';
    const isCut = this.#passed === limit;
    this.#writing = this.#writing
      .then(() => this.#write(Buffer.concat([passing, Buffer.from(follows)])))
      .then(() => (isCut ? this.#cut() : undefined));
  }

  async #write(bytes: Buffer): Promise<void> {
    const { latencyMs = 0, bytesPerSecond } = this.#faults();
    if (latencyMs > 0) await sleep(latencyMs);
    if (bytesPerSecond === undefined) this.#client.write(bytes);
    else
      for (let at = 0; at < bytes.length && !this.#client.destroyed; at += 1) {
        await sleep(1_000 / bytesPerSecond);
        this.#client.write(bytes.subarray(at, at + 1));
      }
  }

  /** A stalled connection is not closed either. */
  #close(): void {
    const { replyBytes, atReplyLimit } = this.#faults();
    if (replyBytes === undefined || atReplyLimit !== 'stall') this.#client.end();
  }

  /** A reset discards unread bytes of the receiver, so it waits a moment. */
  async #cut(): Promise<void> {
    const { atReplyLimit = 'reset' } = this.#faults();
    if (atReplyLimit === 'stall') return;
    if (atReplyLimit === 'end') this.#client.end();
    else {
      await sleep(20);
      this.#client.resetAndDestroy();
    }
  }
}

const endOfHead = '\r\n\r\n';

/** Infinity until the head is complete. */
function headLength(reply: Buffer): number {
  const at = reply.indexOf(endOfHead);
  return at < 0 ? Number.POSITIVE_INFINITY : at + endOfHead.length;
}

function isComplete(reply: Buffer): boolean {
  const head = reply.subarray(0, headLength(reply)).toString();
  const [, length = '0'] = /^content-length: *(\d+)/im.exec(head) ?? [];
  return reply.length >= headLength(reply) + Number(length);
}

function following(afterReply: 'itself' | { readonly junk: string }, reply: Buffer): Buffer {
  return afterReply === 'itself' ? reply : Buffer.from(afterReply.junk);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
