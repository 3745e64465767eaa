/** Collects the traces that a gateway sends by OTLP over HTTP. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TraceCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** Every received byte, headers included. */
  readonly received: () => string;
  readonly close: () => Promise<void>;
}

export async function startTraceCollector(): Promise<TraceCollector> {
  const pieces: string[] = [];
  const server = createServer(async (request, response) => {
    pieces.push(request.rawHeaders.join('\n'));
    for await (const piece of request.setEncoding('utf8')) pieces.push(String(piece));
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    received: () => pieces.join(''),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
