/** A service on loopback that answers as a test says and records the requests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';
import type { DataExchangeBackend } from '../../../../src/backends/backend.ts';
import { httpTransport } from '../../../../src/backends/calls/http-transport.ts';
import {
  createDataExchangeClient,
  type DataExchangeClientOptions,
} from '../../../../src/backends/data-exchange/client.ts';
import { noBackoffClock } from '../../../support/no-backoff-clock.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A body is sent as it is if it is text or bytes, else as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type Responder = (request: ReceivedRequest, response: ServerResponse) => Answer | undefined;

export interface Service {
  readonly endpoint: string;
  readonly requests: readonly ReceivedRequest[];
  readonly client: DataExchangeBackend;
}

/** Runs until the test ends. If `answering` returns nothing, it has written the response itself or lets it hang. */
export async function startService(
  answering: Responder,
  options: Partial<DataExchangeClientOptions> = {},
): Promise<Service> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = {
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    const answer = answering(request, response);
    if (answer) send(response, answer);
  });
  const endpoint = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint, requests, client: clientAt(endpoint, options) };
}

/**
 * As `startService`, with answers written byte by byte. Each request must arrive in one piece, as those without body
 * do.
 */
export async function startRawService(answering: (request: string) => string): Promise<Pick<Service, 'client'>> {
  const server = createRawServer((socket) => {
    socket.on('data', (request) => socket.write(answering(request.toString())));
    socket.on('error', () => {});
    onTestFinished(() => {
      socket.destroy();
    });
  });
  const endpoint = await listen(server);
  onTestFinished(() => {
    server.close();
  });
  return { client: clientAt(endpoint) };
}

/** An endpoint without a server. */
export async function deadEndpoint(): Promise<string> {
  const server = createRawServer();
  const endpoint = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return endpoint;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A client of the server at `endpoint`, with the example credentials of AWS's documentation. */
export function clientAt(endpoint: string, options: Partial<DataExchangeClientOptions> = {}): DataExchangeBackend {
  return createDataExchangeClient({
    endpoint,
    region: 'us-east-1',
    transport: httpTransport(),
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    clock: noBackoffClock,
    ...options,
  });
}

/** Call options of a caller who stays. */
export function patiently(): { signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: Answer): void {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, headers).end(isRaw ? body : JSON.stringify(body));
}
