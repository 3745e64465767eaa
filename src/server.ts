/** Assembles the gateway, starts it and stops it. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Redis } from 'ioredis';
import { createAuthenticator } from './access/callers.ts';
import { Gate } from './access/gate.ts';
import { type LoadGauge, systemGauge } from './access/load-gauge.ts';
import { defaultLoadLimits, LoadWatch } from './access/load-watch.ts';
import { OperationLog, type OperationRecord } from './access/operation-log.ts';
import { ConnectionThrottle, defaultConnectionLimit } from './access/rate-limit.ts';
import type { SocketLimits } from './access/socket-admission.ts';
import type { TrustedDocuments } from './access/trusted-documents.ts';
import { trustedDocumentsFrom } from './access/trusted-documents-file.ts';
import type { Backends } from './backends/backend.ts';
import type { AwsCredentials } from './backends/credentials.ts';
import { createEmulator } from './backends/emulator/index.ts';
import { serveEmulator } from './backends/emulator/server.ts';
import { awsBackends, emulatorBackends } from './backends/index.ts';
import type { CallObserver } from './backends/observer.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { openCreates } from './creates/index.ts';
import { createGateway } from './gateway.ts';
import { route } from './routes.ts';
import { gentleEndOf } from './server-end.ts';
import { shareReads } from './shared-reads/shared-reads.ts';
import { createStateSources } from './state-sources.ts';
import { keyFrom } from './store/key.ts';
import { openLevelStore } from './store/level-store.ts';
import { connectRedis } from './store/redis.ts';
import { openRedisStore } from './store/redis-store.ts';
import type { Store } from './store/store.ts';
import { startUpkeep } from './store/upkeep.ts';
import { startTelemetry } from './telemetry/index.ts';
import { CallBudget } from './watch/budget.ts';
import { openTransitionLog } from './watch/durable-transition-log.ts';
import { pollsEverything } from './watch/poll-assignment.ts';
import { openSharedWatching, type Watching } from './watch/sharing.ts';
import { Watcher } from './watch/watcher.ts';
import { serveWebSockets } from './websocket.ts';

const graphqlPath = '/graphql';

export interface ServerOptions {
  readonly config: Config;
  readonly clock?: Clock;
  /** Takes one line about something that nobody foresaw. */
  readonly log: (line: string) => void;
  /** Takes a record of each operation that has ended. */
  readonly onOperation?: (record: OperationRecord) => void;
  /** For the real services. Absent: what AWS's default chain finds. */
  readonly awsCredentials?: AwsCredentials;
  /** What survives a restart; absent: the Redis or the folder of the settings. It is closed with the server. */
  readonly store?: Store;
  /** How much the process has to do; absent: what V8 and the operating system say. */
  readonly gauge?: LoadGauge;
}

export interface RunningServer {
  /** Where operations go, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Where the embedded emulator listens; undefined with other backends. */
  readonly emulatorUrl: string | undefined;
  readonly watcher: Watcher;
  /** Where Prometheus finds the metrics; undefined without. */
  readonly metricsUrl: string | undefined;
  /** Takes on nothing new and says so to whoever asks; what is under way goes on. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
  /** What an end did not wait for, or waits for still. */
  readonly abandoned: () => Abandoned;
}

/** How much was not finished, and nothing of what it was. */
export interface Abandoned {
  /** Requests that were cut off. */
  readonly requests: number;
  /** WebSockets that were cut off: with something under way, or as their peers did not answer their closing. */
  readonly sockets: number;
  /** Creates that were sent, or are about to be, and whose outcome is not on record. */
  readonly creates: number;
}

/** Rejects if the port or the store cannot be had, or a file that the settings name cannot be used. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, clock = systemClock, onOperation, awsCredentials } = options;
  const trustedDocuments = await readTrustedDocuments(config);
  const redis = config.redisUrl === undefined ? undefined : await connectRedis(config.redisUrl, log);
  const store = options.store ?? (await openStore(config, redis, clock));
  const authenticator = createAuthenticator({ auth: config.auth, clock, log });
  const throttle = new ConnectionThrottle(defaultConnectionLimit, clock.monotonicMs);
  const telemetry = await startTelemetry({ ...config, clock });
  const { calls } = telemetry;
  const { backends, emulatorUrl, closeBackends } = await startBackends(config, { clock, awsCredentials, calls });
  const reads = shareReads(backends, clock);
  const watching = await openWatching(store, redis, clock);
  // Whoever was told of a change must not be shown, by a read that began before it, the state that it replaced.
  watching.log.follow(({ job }) => reads.forget(job));
  watching.log.follow(telemetry.onTransition);
  const gateways = (): number => watching.assignment.gateways();
  const budgets = {
    DATA_EXCHANGE: new CallBudget(clock, config.pollsPerSecond.dataExchange, gateways),
    IMPORT_EXPORT: new CallBudget(clock, config.pollsPerSecond.importExport, gateways),
  };
  const watcher = new Watcher({
    sources: createStateSources(backends, budgets),
    clock,
    cadence: config.poll,
    log: watching.log,
    assignment: watching.assignment,
    cursorKey: keyFrom(store.secret, 'cursors'),
  });
  telemetry.watch({
    watchedJobs: () => watcher.watchedJobs,
    subscribers: () => watcher.subscribers,
    unreadEvents: () => watcher.unreadEvents,
    pollsPerSecond: () => ({
      DATA_EXCHANGE: budgets.DATA_EXCHANGE.callsPerSecond,
      IMPORT_EXPORT: budgets.IMPORT_EXPORT.callsPerSecond,
    }),
  });
  const { createOnce, reconciliation } = openCreates({ store, backends, clock });
  const gate = new Gate(new LoadWatch(clock, options.gauge ?? systemGauge(), defaultLoadLimits));
  const operationLog = operationLogFor(clock, [onOperation, telemetry.onOperation]);
  const yoga = createGateway({
    path: graphqlPath,
    config,
    log,
    clock,
    reads,
    watcher,
    createOnce,
    cursorKey: keyFrom(store.secret, 'list cursors'),
    authenticator,
    throttle,
    redis,
    trustedDocuments,
    operationLog,
    plugins: telemetry.plugins,
  });
  const state = { isReady: false };
  const isReady = async (): Promise<boolean> =>
    state.isReady && gate.refusal() === undefined && (await store.isReachable());
  const paths = { graphqlPath, isLocalOnly: config.auth.mode === 'none', gate, isReady, yoga };
  const server = createServer(serverTimeouts, (request, response) => route(request, response, paths));
  server.maxConnections = config.caller.connections;
  const endServer = gentleEndOf(server, clock);
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
    gate,
    log,
  });
  const endUpkeep = startUpkeep(store, clock);
  const cut = { requests: 0, sockets: 0 };
  const closeAll = async (): Promise<void> => {
    gate.close();
    watcher.stop();
    await Promise.all([
      watching.leave(),
      closeSockets().then((sockets) => Object.assign(cut, { sockets })),
      endServer().then((requests) => Object.assign(cut, { requests })),
    ]);
    // What was sent is seen to its end, and its outcome recorded.
    await createOnce.settled();
    await reconciliation.stop();
    await closeBackends();
    await telemetry.stop();
    authenticator.close();
    await endUpkeep();
    await watching.close();
    await store.close();
    redis?.disconnect();
  };
  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
    // With no descriptor left a connection cannot be taken; the next one may be.
    server.on('error', ({ code }: NodeJS.ErrnoException) =>
      log(`a connection could not be taken: ${code ?? 'unforeseen'}`),
    );
  } catch (error) {
    await closeAll();
    throw error;
  }
  state.isReady = true;
  reconciliation.start();
  const drain = (): void => {
    state.isReady = false;
    gate.close();
  };
  const close = (): Promise<void> => {
    drain();
    return closeAll();
  };
  return {
    url: `${originOf(server, config.host)}${graphqlPath}`,
    emulatorUrl,
    watcher,
    metricsUrl: telemetry.metricsUrl,
    drain,
    close,
    abandoned: () => ({ ...cut, creates: createOnce.underWay }),
  };
}

/** What was observed, and who observes on: with a Redis, together with the other gateways. */
async function openWatching(store: Store, redis: Redis | undefined, clock: Clock): Promise<Watching> {
  if (redis !== undefined) return openSharedWatching(redis, clock);
  const log = await openTransitionLog(store, clock);
  return { log, assignment: pollsEverything, leave: async () => {}, close: () => log.close() };
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

/** Where there is a Redis the folder is not touched. The connection ends with a store that cannot be opened. */
async function openStore({ dataDir, backend }: Config, redis: Redis | undefined, clock: Clock): Promise<Store> {
  if (redis === undefined) return openLevelStore({ folder: dataDir, world: backend, clock });
  try {
    return await openRedisStore(redis, clock);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

interface RunningBackends {
  readonly backends: Backends;
  readonly emulatorUrl: string | undefined;
  readonly closeBackends: () => Promise<void>;
}

interface BackendParts {
  readonly clock: Clock;
  readonly awsCredentials: AwsCredentials | undefined;
  readonly calls: CallObserver | undefined;
}

async function startBackends(
  config: Config,
  { clock, awsCredentials: credentials, calls: observer }: BackendParts,
): Promise<RunningBackends> {
  const { endpoints, importExportSignature } = config;
  const common = { importExportSignature, clock, ...(observer && { observer }) };
  if (config.backend === 'aws') {
    const backends = awsBackends({ ...common, endpoints, ...(credentials && { credentials }) });
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
  const backends = emulatorBackends({ ...common, emulator, origin: emulatorUrl });
  return { backends, emulatorUrl, closeBackends: listener.close };
}

type OperationListener = (record: OperationRecord) => void;

/** Undefined where nobody wants to know of single operations. */
function operationLogFor(clock: Clock, given: readonly (OperationListener | undefined)[]): OperationLog | undefined {
  const listeners = given.filter((each) => each !== undefined);
  if (listeners.length === 0) return undefined;
  return new OperationLog(clock, (record) => {
    for (const listener of listeners) listener(record);
  });
}

function originOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The one place where time and chance come from the system. */
export const systemClock: Clock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: Math.random,
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
