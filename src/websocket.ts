/** Operations over WebSocket, subprotocol `graphql-transport-ws`: the same schema, context and masking as over HTTP. */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Context as SocketContext } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { isAllowedOrigin } from './access/origins.ts';
import { pathOf } from './access/request-target.ts';
import type { Clock } from './clock.ts';
import type { Context, SocketScope } from './context.ts';
import { globalIdFrom } from './resolvers/global-id.ts';
import type { Staleness } from './watch/events.ts';

export type Yoga = YogaServerInstance<Partial<SocketScope>, Context>;

export interface WebSocketOptions {
  readonly server: Server;
  readonly yoga: Yoga;
  readonly path: string;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly gate: ConnectionGate;
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly limits: SocketLimits;
}

/** A client has this long to say `connection_init`, and we to find out who it is. */
const connectionInitWaitMs = 3_000;

/** How long a peer may take to answer the closing of its socket. */
const closeWaitMs = 1_500;

/** What may arrive in pieces, and how many of them: a peer could split a message into more than it is worth. */
const maxFragments = 64;
const maxBufferedChunks = 1_024;

/** The yoga functions that run one operation, carried through graphql-ws as its root value. */
interface Executor {
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
}

/** Serves operations on `path` of `server`; the function it returns closes every socket, within two seconds. */
export function serveWebSockets({ server, yoga, path, clock, allowedOrigins }: WebSocketOptions): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  useServer<Record<string, unknown>, SocketExtra>(
    {
      connectionInitWaitTimeout: connectionInitWaitMs,
      isProd: true,
      execute: (args) => executorOf(args).execute(args) as never,
      subscribe: (args) => executorOf(args).subscribe(args) as never,
      onConnect: (context) => {
        const gone = new AbortController();
        context.extra.socket.once('close', () => gone.abort());
        context.extra.signal = gone.signal;
      },
      onSubscribe: (context, id, payload) => executionArgs(yoga, context, id, payload),
    },
    sockets,
  );
  server.on('upgrade', (request, socket, head) => {
    // Node has taken its own listeners off the socket by now, and an error that nobody listens to ends the process.
    socket.on('error', () => socket.destroy());
    if (pathOf(request) !== path) return refuse(socket, '404 Not Found');
    if (!isAllowedOrigin(request, allowedOrigins)) return refuse(socket, '403 Forbidden');
    return sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  return () => closeAll(sockets, clock);
}

type Socket = SocketContext<Record<string, unknown>, Extra & Partial<SocketExtra>>;

interface OperationPayload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** A document that cannot be run is that operation's error: throwing here would close the socket with all its others. */
async function executionArgs(yoga: Yoga, context: Socket, id: string, params: OperationPayload) {
  const { request, signal } = context.extra;
  const onStale = (staleness: Staleness): void => tellStaleness(context, id, staleness);
  const scope = { ...context, req: request, params, onStale, ...(signal && { signal }) };
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped(scope);
  try {
    const document = parse(params.query);
    const faults = validate(schema, document);
    if (faults.length > 0) return faults.map(withoutHttp);
    return {
      schema,
      document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: await contextFactory(),
      rootValue: { execute, subscribe } satisfies Executor,
    };
  } catch (error) {
    return [
      error instanceof GraphQLError ? withoutHttp(error) : new GraphQLError('The operation could not be prepared.'),
    ];
  }
}

/**
 * A ping, which the protocol lets carry a payload and every client answers: an error among the results would end the stream
 * for clients that take any error for the last.
 */
function tellStaleness({ extra: { socket } }: Socket, operation: string, { service, job }: Staleness): void {
  const stale = { operation, service, ...(job && { job: globalIdFrom(job) }) };
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: 'ping', payload: { stale } }));
}

/** Yoga marks errors with the HTTP status to answer, which means nothing here. */
function withoutHttp({
  message,
  nodes,
  source,
  positions,
  extensions: { http: _, ...extensions },
}: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions,
  });
}

function executorOf(args: ExecutionArgs): Executor {
  return args.rootValue as Executor;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/**
 * 1012, "service restart", is a code after which the client of graphql-ws comes back. A peer that does not answer it in time
 * is cut off.
 */
async function closeAll(sockets: WebSocketServer, clock: Clock): Promise<void> {
  for (const socket of sockets.clients) socket.close(1012, 'The gateway is restarting.');
  const cancel = clock.schedule(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, closeWaitMs);
  await new Promise<void>((resolve) => sockets.close(() => resolve()));
  cancel();
}
