/**
 * Serves the metrics to Prometheus without a token: on loopback, or at an address that the network must keep to Prometheus. They contain
 * no id, no name and no text of a caller.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback, isOwnHost } from '../base/loopback.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsListener {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** Rejects if the address cannot be bound. */
export async function listenForScrapes(metrics: Metrics, { host, port }: MetricsAddress): Promise<MetricsListener> {
  const isLocalOnly = isLoopback(host);
  const server = createServer((request, response) => {
    if (isLocalOnly && !isOwnHost(request)) {
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
  server.listen(port, host);
  await once(server, 'listening');
  const { port: bound, address, family } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}/metrics`, close };
}
