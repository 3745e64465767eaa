/** Assembles the gateway, starts it and stops it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { createYoga } from 'graphql-yoga';
import { useContentPolicy } from './access/content-policy.ts';
import { pathOf } from './access/request-target.ts';
import type { Backends } from './backends/backend.ts';
import { createEmulator } from './backends/emulator/index.ts';
import { serveEmulator } from './backends/emulator/server.ts';
import { awsBackends, emulatorBackends } from './backends/index.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { type Context, contextFactory, type SocketScope, useReportedErrors } from './context.ts';
import { createOnceInMemory } from './create-once.ts';
import { createMaskError } from './error-mask.ts';
import { useReferenceExecutor } from './executor.ts';
import { graphiqlOptions } from './graphiql.ts';
import { schema } from './schema/index.ts';
import { type SharedReads, shareReads } from './shared-reads/shared-reads.ts';
import { createStateSources } from './state-sources.ts';
import { CallBudget } from './watch/budget.ts';
import { MemoryTransitionLog } from './watch/memory-transition-log.ts';
import { Watcher } from './watch/watcher.ts';
import { serveWebSockets, type Yoga } from './websocket.ts';

const graphqlPath = '/graphql';

/** Waits this long for requests in flight when it stops. */
const drainMs = 8_000;

export interface ServerOptions {
  readonly config: Config;
  readonly clock?: Clock;
  /** Takes one line about something that nobody foresaw. */
  readonly log: (line: string) => void;
}

export interface RunningServer {
  /** Where operations go, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Where the embedded emulator listens; undefined with other backends. */
  readonly emulatorUrl: string | undefined;
  readonly watcher: Watcher;
  readonly close: () => Promise<void>;
}

/** Rejects if the port cannot be had. */
export async function startServer({ config, log, clock = systemClock }: ServerOptions): Promise<RunningServer> {
  const { backends, emulatorUrl, closeBackends } = await startBackends(config, clock);
  const reads = shareReads(backends, clock);
  const watcher = createWatcher(config, backends, clock, reads);
  const yoga = createGateway({ config, log, clock, reads, watcher });
  const state = { isReady: false };
  const server = createServer((request, response) => route(request, response, state, yoga));
  const closeSockets = serveWebSockets({
    server,
    yoga,
    path: graphqlPath,
    clock,
    allowedOrigins: config.allowedOrigins,
  });
  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await closeBackends();
    throw error;
  }
  state.isReady = true;
  const close = async (): Promise<void> => {
    state.isReady = false;
    watcher.stop();
    await Promise.all([closeSockets(), closeServer(server)]);
    await closeBackends();
  };
  return { url: `${originOf(server, config.host)}${graphqlPath}`, emulatorUrl, watcher, close };
}

interface RunningBackends {
  readonly backends: Backends;
  readonly emulatorUrl: string | undefined;
  readonly closeBackends: () => Promise<void>;
}

async function startBackends(config: Config, clock: Clock): Promise<RunningBackends> {
  const { endpoints, importExportSignature } = config;
  if (config.backend === 'aws') {
    const backends = awsBackends({ endpoints, importExportSignature, clock });
    return { backends, emulatorUrl: undefined, closeBackends: async () => {} };
  }
  // The gateway itself talks to the emulator in this process. The port is for people: signed URLs lead there, and the control API.
  const emulator = createEmulator({
    clock,
    wallClock: clock.now,
    stepMs: config.emulator.stepMs,
    origin: () => emulatorUrl,
  });
  const listener = await serveEmulator(emulator, 0);
  const emulatorUrl = `http://127.0.0.1:${listener.port}`;
  emulator.addDemoJobs();
  const backends = emulatorBackends({ emulator, origin: emulatorUrl, importExportSignature, clock });
  return { backends, emulatorUrl, closeBackends: listener.close };
}

function createWatcher(config: Config, backends: Backends, clock: Clock, reads: SharedReads): Watcher {
  const budgets = {
    DATA_EXCHANGE: new CallBudget(clock, config.pollsPerSecond.dataExchange),
    IMPORT_EXPORT: new CallBudget(clock, config.pollsPerSecond.importExport),
  };
  const sources = createStateSources(backends, budgets);
  const log = new MemoryTransitionLog(crypto.randomUUID());
  // Whoever was told of a change must not be shown, by a read that began before it, the state that it replaced.
  log.follow(({ job }) => reads.forget(job));
  return new Watcher({
    sources,
    clock,
    cadence: config.poll,
    log,
    cursorKey: crypto.getRandomValues(new Uint8Array(32)),
  });
}

interface GatewayOptions extends ServerOptions {
  readonly clock: Clock;
  readonly reads: SharedReads;
  readonly watcher: Watcher;
}

function createGateway({ config, log, clock, reads, watcher }: GatewayOptions): Yoga {
  return createYoga<Partial<SocketScope>, Context>({
    schema,
    graphqlEndpoint: graphqlPath,
    context: contextFactory({ reads, watcher, createOnce: createOnceInMemory(), clock }),
    plugins: [useReferenceExecutor(), useContentPolicy(), useReportedErrors()],
    maskedErrors: { maskError: createMaskError((error) => log(unforeseen(error))), isDev: false },
    cors: config.allowedOrigins.length > 0 ? { origin: [...config.allowedOrigins], credentials: false } : false,
    multipart: false,
    landingPage: false,
    graphiql: graphiqlOptions,
    renderGraphiQL,
    maxRequestBodySize: 131_072,
    // Yoga's own logger prints errors as they are, whatever they quote.
    logging: false,
  });
}

/** The kind of an error and where it arose. Not its message, which may quote a request. */
function unforeseen(error: unknown): string {
  if (!(error instanceof Error)) return `unforeseen: a ${typeof error} was thrown`;
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return [`unforeseen: ${error.name}`, ...frames].join('\n');
}

function route(request: IncomingMessage, response: ServerResponse, state: { isReady: boolean }, yoga: Yoga): void {
  const path = pathOf(request);
  if (path === graphqlPath) void yoga(request, response);
  else if (path === undefined) answer(response, 400, 'The target and the Host of the request make no URL.\n');
  else if (path === '/') response.writeHead(302, { location: graphqlPath }).end();
  else if (path === '/livez') answer(response, 200, 'alive\n');
  else if (path !== '/readyz') answer(response, 404, `Nothing is here. Operations go to ${graphqlPath}.\n`);
  else answer(response, state.isReady ? 200 : 503, state.isReady ? 'ready\n' : 'not ready\n');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(text);
}

/** Lets requests in flight finish, closing kept-alive connections as they fall idle. */
async function closeServer(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(deadline);
}

function originOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The one place where time and chance come from the system. */
export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
