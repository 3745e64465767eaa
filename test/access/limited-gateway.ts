/** The schema over an embedded emulator, with plugins of a test's choice, asked by each of the three transports. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-ws';
import { createYoga, type YogaServerOptions } from 'graphql-yoga';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { documentCache } from '../../src/access/document-cache.ts';
import { createEmulator } from '../../src/backends/emulator/index.ts';
import { serveEmulator } from '../../src/backends/emulator/server.ts';
import { emulatorBackends } from '../../src/backends/index.ts';
import { type Context, contextFactory, useReportedErrors } from '../../src/context.ts';
import { createOnceInMemory } from '../../src/create-once.ts';
import { createMaskError } from '../../src/error-mask.ts';
import { useReferenceExecutor } from '../../src/executor.ts';
import { schema } from '../../src/schema/index.ts';
import { systemClock as clock } from '../../src/server.ts';
import { createStateSources } from '../../src/state-sources.ts';
import { CallBudget } from '../../src/watch/budget.ts';
import { MemoryTransitionLog } from '../../src/watch/transition-log.ts';
import { Watcher } from '../../src/watch/watcher.ts';
import { type OperationScope, serveWebSockets, type Yoga } from '../../src/websocket.ts';

export interface Asked {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
  readonly documentId?: string;
  readonly doc_id?: string;
}

export interface Told {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

export const transports = ['HTTP', 'SSE', 'WebSocket'] as const;

export type Transport = (typeof transports)[number];

export interface LimitedGateway {
  readonly url: string;
  /** The answer; of a stream, its first event. */
  readonly ask: (transport: Transport, asked: Asked) => Promise<Told>;
  /** Calls that reached the emulator. */
  readonly calls: () => Promise<number>;
  readonly complaints: readonly unknown[];
}

export type Plugins = NonNullable<YogaServerOptions<OperationScope, Context>['plugins']>;

export interface LimitedGatewayOptions {
  readonly plugins: Plugins;
  /** What a transport of its own does to Yoga's functions. */
  readonly socketYoga?: (yoga: Yoga) => Yoga;
}

export async function startLimitedGateway({
  plugins,
  socketYoga = (yoga) => yoga,
}: LimitedGatewayOptions): Promise<LimitedGateway> {
  const complaints: unknown[] = [];
  let emulatorUrl = '';
  const origin = () => emulatorUrl;
  const emulator = createEmulator({ clock, wallClock: clock.now, stepMs: 3_600_000, origin });
  const listener = await serveEmulator(emulator, 0);
  emulatorUrl = `http://127.0.0.1:${listener.port}`;
  const backends = emulatorBackends({ emulator, origin: emulatorUrl, importExportSignature: 'v4', clock });
  const budgets = { DATA_EXCHANGE: new CallBudget(clock, 100), IMPORT_EXPORT: new CallBudget(clock, 100) };
  const watcher = new Watcher({
    sources: createStateSources(backends, budgets),
    clock,
    cadence: { minMs: 20, maxMs: 100 },
    log: new MemoryTransitionLog(crypto.randomUUID()),
  });
  const yoga: Yoga = createYoga<OperationScope, Context>({
    schema,
    context: contextFactory({ backends, watcher, createOnce: createOnceInMemory(), clock }),
    plugins: [useReferenceExecutor(), useReportedErrors(), ...plugins],
    maskedErrors: { maskError: createMaskError((error) => complaints.push(error)), isDev: false },
    logging: false,
    parserAndValidationCache: documentCache(),
  });
  const server = createServer((request, response) => void yoga(request, response));
  const closeSockets = serveWebSockets({ server, yoga: socketYoga(yoga), path: '/graphql', clock, allowedOrigins: [] });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    watcher.stop();
    await closeSockets();
    server.closeAllConnections();
    server.close();
    await listener.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const calls = async () => {
    const counts = (await (await fetch(`${emulatorUrl}/_emulator/requests`)).json()) as Record<string, number>;
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  return { url, ask: (transport, asked) => asking[transport](url, asked), calls, complaints };
}

const asking: Readonly<Record<Transport, (url: string, asked: Asked) => Promise<Told>>> = {
  HTTP: async (url, asked) => (await post(url, asked, 'application/json')).json() as Promise<Told>,
  SSE: async (url, asked) => {
    const response = await post(url, asked, 'text/event-stream');
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      const data = /^data: (.+)$/m.exec(text)?.[1];
      if (data !== undefined && text.includes(`${data}\n`)) return JSON.parse(data) as Told;
    }
    throw new Error(`expected an event, received ${text}`);
  },
  WebSocket: (url, asked) => {
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    return new Promise<Told>((resolve, reject) => {
      const stop = client.subscribe<Record<string, unknown>>(
        { query: '', ...asked },
        {
          next: (told) => {
            resolve(told as Told);
            stop();
          },
          error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
          complete: () => reject(new Error('expected an answer before the end')),
        },
      );
    }).finally(() => client.dispose());
  },
};

function post(url: string, asked: Asked, accept: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(asked) });
}

/** The codes of the errors of an answer. */
export function codesOf({ errors = [] }: Told): readonly unknown[] {
  return errors.map(({ extensions }) => extensions?.['code']);
}
