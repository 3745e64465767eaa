/** A TCP proxy on loopback that treats its connections as bad networks do. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Cut = 'fin' | 'rst';

const badGateway = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
}

export class RoughProxy {
  /** The port that the next connection is forwarded to. */
  readonly #target: () => number;
  /**
   * What becomes of new connections: `pass`, `stall` (accepted, never answered), `refuse` (closed), an answer of 502, or
   * one for the handshakes of WebSockets only.
   */
  mode: 'bad-gateway' | 'no-websocket' | 'pass' | 'refuse' | 'stall' = 'pass';
  /** How long each piece of an answer is held back. */
  delayMs = 0;
  /** The number of connections so far. */
  connections = 0;
  readonly port: number;
  readonly #pairs = new Set<Pair>();
  readonly #close: () => void;
  #bytesToCut = Number.POSITIVE_INFINITY;
  #cutBy: Cut = 'rst';

  private constructor(target: () => number, port: number, close: () => void) {
    this.#target = target;
    this.port = port;
    this.#close = close;
  }

  static async start(target: () => number): Promise<RoughProxy> {
    const server = createServer((client) => proxy.#accept(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const proxy = new RoughProxy(target, port, () => server.close());
    return proxy;
  }

  /** The number of connections that are open now. */
  get open(): number {
    return this.#pairs.size;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/graphql`;
  }

  /** Ends all connections. */
  cut(by: Cut): void {
    for (const pair of this.#pairs) end(pair, by);
  }

  /** Ends the connection that receives the next `bytes` of answers, wherever that is in a frame. */
  cutAfter(bytes: number, by: Cut): void {
    this.#bytesToCut = bytes;
    this.#cutBy = by;
  }

  /** Makes black holes of all connections: nothing passes, and nothing is closed. */
  stall(): void {
    for (const { client, upstream } of this.#pairs) {
      client.pause();
      upstream.pause();
    }
  }

  close(): void {
    this.cut('rst');
    this.#close();
  }

  #accept(client: Socket): void {
    this.connections += 1;
    client.on('error', () => {});
    if (this.mode === 'refuse') return void client.destroy();
    if (this.mode === 'bad-gateway') return void client.end(badGateway);
    const upstream = connect(this.#target(), '127.0.0.1').setNoDelay();
    const pair = { client: client.setNoDelay(), upstream };
    this.#pairs.add(pair);
    for (const socket of [client, upstream]) socket.on('error', () => {}).on('close', () => this.#gone(pair));
    client.on('data', (bytes) => {
      if (this.mode === 'no-websocket' && /^upgrade: websocket/im.test(String(bytes))) client.end(badGateway);
      else upstream.write(bytes);
    });
    upstream.on('data', (bytes: Buffer) => this.#answer(pair, bytes));
    // A stalled connection does not notice that the other side has gone.
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      from.on('end', () => to.end());
    if (this.mode === 'stall') this.stall();
  }

  #gone(pair: Pair): void {
    this.#pairs.delete(pair);
    if (pair.client.isPaused()) return;
    pair.client.destroy();
    pair.upstream.destroy();
  }

  #answer(pair: Pair, bytes: Buffer): void {
    const passing = bytes.subarray(0, this.#bytesToCut);
    this.#bytesToCut -= passing.length;
    const isCut = this.#bytesToCut <= 0;
    if (isCut) this.#bytesToCut = Number.POSITIVE_INFINITY;
    setTimeout(() => {
      if (pair.client.isPaused()) return;
      pair.client.write(passing);
      if (isCut) end(pair, this.#cutBy);
    }, this.delayMs);
  }
}

function end({ client, upstream }: Pair, by: Cut): void {
  upstream.destroy();
  if (by === 'rst') client.resetAndDestroy();
  else client.end();
}
