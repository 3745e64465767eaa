/**
 * A minimal load balancer: it sends requests to gateways that are ready, and retries on the next one what a gateway
 * refuses with 503.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** The interval of readiness probes. */
const probeMs = 200;

export class Balancer {
  readonly url: string;
  readonly #upstreams = new Set<string>();
  #ready: readonly string[] = [];
  #next = 0;

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
    const probing = setInterval(() => void balancer.#probe(), probeMs);
    onTestFinished(() => {
      clearInterval(probing);
      server.close();
      server.closeAllConnections();
    });
    return balancer;
  }

  /** `url` is the endpoint of a gateway. */
  async add(url: string): Promise<void> {
    this.#upstreams.add(new URL(url).origin);
    await this.#probe();
  }

  remove(url: string): void {
    this.#upstreams.delete(new URL(url).origin);
  }

  async #probe(): Promise<void> {
    const probed = await Promise.all(
      [...this.#upstreams].map(async (origin) => {
        const isReady = await fetch(`${origin}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
        return isReady ? [origin] : [];
      }),
    );
    this.#ready = probed.flat();
  }

  /** The ready gateways, in round-robin order. */
  #rotated(): readonly string[] {
    this.#next += 1;
    const from = this.#next % Math.max(1, this.#ready.length);
    return [...this.#ready.slice(from), ...this.#ready.slice(0, from)];
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method = 'GET', url = '/', headers } = request;
    const init = { method, body: Buffer.concat(pieces), headers: { 'content-type': headers['content-type'] ?? '' } };
    for (const origin of this.#rotated()) {
      const answer = await fetch(origin + url, init).catch(() => undefined);
      if (answer === undefined) break;
      const body = Buffer.from(await answer.arrayBuffer());
      if (answer.status === 503) continue;
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
      return;
    }
    response.writeHead(502).end();
  }

  #connect({ url = '/', rawHeaders }: IncomingMessage, client: Duplex, head: Buffer): void {
    const [origin] = this.#rotated();
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
