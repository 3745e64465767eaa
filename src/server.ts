/** Assembles the gateway, starts it and stops it. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthenticator } from './access/callers.ts';
import { hasTooManyHeaders } from './access/header-limit.ts';
import { OperationLog, type OperationRecord } from './access/operation-log.ts';
import { isOwnHost } from './access/origins.ts';
import { ConnectionThrottle, defaultConnectionLimit } from './access/rate-limit.ts';
import { pathOf } from './access/request-target.ts';
import { setSecurityHeaders } from './access/security-headers.ts';
import type { SocketLimits } from './access/socket-admission.ts';
import type { TrustedDocuments } from './access/trusted-documents.ts';
import { trustedDocumentsFrom } from './access/trusted-documents-file.ts';
import type { Backends } from './backends/backend.ts';
import type { AwsCredentials } from './backends/credentials.ts';
import { createEmulator } from './backends/emulator/index.ts';
import { serveEmulator } from './backends/emulator/server.ts';
import { awsBackends, emulatorBackends } from './backends/index.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createGateway } from './gateway.ts';
import { type SharedReads, shareReads } from './shared-reads/shared-reads.ts';
import { createStateSources } from './state-sources.ts';
import { CallBudget } from './watch/budget.ts';
import { MemoryTransitionLog } from './watch/memory-transition-log.ts';
import { Watcher } from './watch/watcher.ts';
import { serveWebSockets } from './websocket.ts';
import type { Yoga } from './websocket-operation.ts';

const graphqlPath = '/graphql';

/** Waits this long for requests in flight when it stops. */
const drainMs = 8_000;

export interface ServerOptions {
  readonly config: Config;
  readonly clock?: Clock;
  /** Takes one line about something that nobody foresaw. */
  readonly log: (line: string) => void;
  /** Takes a record of each operation that has ended. */
  readonly onOperation?: (record: OperationRecord) => void;
  /** For the real services. Absent: what AWS's default chain finds. */
  readonly awsCredentials?: AwsCredentials;
}

export interface RunningServer {
  /** Where operations go, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Where the embedded emulator listens; undefined with other backends. */
  readonly emulatorUrl: string | undefined;
  readonly watcher: Watcher;
  /** Tells whoever asks that this instance is to be left alone, and goes on serving. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
}

/** Rejects if the port cannot be had, or a file that the settings name cannot be used. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, clock = systemClock, onOperation, awsCredentials } = options;
  const trustedDocuments = await readTrustedDocuments(config);
  const authenticator = createAuthenticator({ auth: config.auth, clock, log });
  const throttle = new ConnectionThrottle(defaultConnectionLimit, clock.now);
  const { backends, emulatorUrl, closeBackends } = await startBackends(config, clock, awsCredentials);
  const reads = shareReads(backends, clock);
  const watcher = createWatcher(config, backends, clock, reads);
  const operationLog = onOperation && new OperationLog(clock, onOperation);
  const yoga = createGateway({
    path: graphqlPath,
    config,
    log,
    clock,
    reads,
    watcher,
    authenticator,
    throttle,
    trustedDocuments,
    operationLog,
  });
  const state = { isReady: false };
  const server = createServer(serverTimeouts, (request, response) => route(request, response, { config, state, yoga }));
  server.maxConnections = config.caller.connections;
  const closeSockets = serveWebSockets({
    server,
    yoga,
    path: graphqlPath,
    clock,
    allowedOrigins: config.allowedOrigins,
    isLocalOnly: config.auth.mode === 'none',
    authenticator,
    throttle,
    trustedDocuments,
    limits: socketLimits(config),
    operationLog,
  });
  const closeAll = async (): Promise<void> => {
    watcher.stop();
    await Promise.all([closeSockets(), closeServer(server)]);
    await closeBackends();
    authenticator.close();
  };
  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await closeAll();
    throw error;
  }
  state.isReady = true;
  const drain = (): void => {
    state.isReady = false;
  };
  const close = (): Promise<void> => {
    drain();
    return closeAll();
  };
  return { url: `${originOf(server, config.host)}${graphqlPath}`, emulatorUrl, watcher, drain, close };
}

/** A client that sends slower than this is not waited for. */
const serverTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

/** The rest of the connections is kept for requests, and for saying no to further sockets. */
const socketShare = 0.9;

function socketLimits({ caller, maxMessageBytes }: Config): SocketLimits {
  return {
    messageBytes: maxMessageBytes,
    operations: caller.operationsPerSocket,
    messagesPerSecond: caller.messagesPerSecond,
    socketsPerCaller: caller.sockets,
    connections: Math.ceil(caller.connections * socketShare),
  };
}

async function readTrustedDocuments({ trustedDocuments: path }: Config): Promise<TrustedDocuments | undefined> {
  return path === undefined ? undefined : trustedDocumentsFrom(await readFile(path, 'utf8'));
}

interface RunningBackends {
  readonly backends: Backends;
  readonly emulatorUrl: string | undefined;
  readonly closeBackends: () => Promise<void>;
}

async function startBackends(
  config: Config,
  clock: Clock,
  credentials: AwsCredentials | undefined,
): Promise<RunningBackends> {
  const { endpoints, importExportSignature } = config;
  if (config.backend === 'aws') {
    const backends = awsBackends({ endpoints, importExportSignature, clock, ...(credentials && { credentials }) });
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

interface Route {
  readonly config: Config;
  readonly state: { readonly isReady: boolean };
  readonly yoga: Yoga;
}

function route(request: IncomingMessage, response: ServerResponse, { config, state, yoga }: Route): void {
  setSecurityHeaders(response);
  const path = pathOf(request);
  if (hasTooManyHeaders(request)) answer(response, 431, 'The header has too many lines.\n');
  else if (path === undefined) answer(response, 400, 'The target and the Host of the request make no URL.\n');
  else if (config.auth.mode === 'none' && !isOwnHost(request)) answer(response, 421, 'Expected a loopback Host.\n');
  else if (path === graphqlPath) void yoga(request, response);
  else if (path === '/') response.writeHead(302, { location: graphqlPath }).end();
  else if (path === '/livez') answer(response, 200, 'alive\n');
  else if (path !== '/readyz') answer(response, 404, `Nothing is here. Operations go to ${graphqlPath}.\n`);
  else answer(response, state.isReady ? 200 : 503, state.isReady ? 'ready\n' : 'not ready\n');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
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
