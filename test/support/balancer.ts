/**
 * The least that a balancer does: it sends to those that say they are ready, and what one refuses because it is going, to the next.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** Looks so often whether each is ready. */
const lookMs = 200;

export class Balancer {
  readonly url: string;
  readonly #upstreams = new Set<string>();
  #ready: readonly string[] = [];
  #turn = 0;

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}/graphql`;
  }

  /** Ends with the test. */
  static async start(): Promise<Balancer> {
    const server = createServer((request, response) => void balancer.#pass(request, response));
    server.on('upgrade', (request, socket, head) => balancer.#connect(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const balancer = new Balancer((server.address() as AddressInfo).port);
    const looking = setInterval(() => void balancer.#look(), lookMs);
    onTestFinished(() => {
      clearInterval(looking);
      server.close();
      server.closeAllConnections();
    });
    return balancer;
  }

  /** `url` is where a gateway takes operations. */
  async add(url: string): Promise<void> {
    this.#upstreams.add(new URL(url).origin);
    await this.#look();
  }

  remove(url: string): void {
    this.#upstreams.delete(new URL(url).origin);
  }

  async #look(): Promise<void> {
    const looked = await Promise.all(
      [...this.#upstreams].map(async (origin) => {
        const isReady = await fetch(`${origin}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
        return isReady ? [origin] : [];
      }),
    );
    this.#ready = looked.flat();
  }

  /** Those that are ready, the next in turn first. */
  #inTurn(): readonly string[] {
    this.#turn += 1;
    const from = this.#turn % Math.max(1, this.#ready.length);
    return [...this.#ready.slice(from), ...this.#ready.slice(0, from)];
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method = 'GET', url = '/', headers } = request;
    const asked = { method, body: Buffer.concat(pieces), headers: { 'content-type': headers['content-type'] ?? '' } };
    for (const origin of this.#inTurn()) {
      const answer = await fetch(origin + url, asked).catch(() => undefined);
      if (answer === undefined) break;
      const body = Buffer.from(await answer.arrayBuffer());
      if (answer.status === 503) continue;
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
      return;
    }
    response.writeHead(502).end();
  }

  #connect({ url = '/', rawHeaders }: IncomingMessage, client: Duplex, head: Buffer): void {
    const [origin] = this.#inTurn();
    client.on('error', () => {});
    if (origin === undefined) {
      client.destroy();
      return;
    }
    const { hostname, port, host } = new URL(origin);
    const upstream = connect(Number(port), hostname);
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    const lines = rawHeaders.flatMap((name, index) => {
      if (index % 2 === 1) return [];
      return [`${name}: ${name.toLowerCase() === 'host' ? host : rawHeaders[index + 1]}`];
    });
    upstream.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  }
}
