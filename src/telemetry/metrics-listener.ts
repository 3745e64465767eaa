/** Serves the metrics to Prometheus on a port of loopback only, so that they need no token. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isOwnHost } from '../base/loopback.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsListener {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Rejects if the port cannot be bound. */
export async function listenForScrapes(metrics: Metrics, port: number): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    if (!isOwnHost(request)) {
      response.writeHead(421, { 'content-type': 'text/plain' }).end('Expected a loopback Host.\n');
      return;
    }
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing is here. Metrics are at /metrics.\n');
      return;
    }
    metrics.scrape().then(
      ({ text, contentType }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${bound}/metrics`, close };
}
