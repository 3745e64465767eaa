/** Operations over WebSocket, subprotocol `graphql-transport-ws`: the handshake, the limits of a socket, and its end. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer, type Server as ProtocolServer } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticator } from './access/authenticator.ts';
import type { Gate } from './access/gate.ts';
import { hasTooManyHeaders } from './access/header-limit.ts';
import type { OperationLog } from './access/operation-log.ts';
import { isAllowedOrigin, isOwnHost } from './access/origins.ts';
import type { ConnectionThrottle } from './access/rate-limit.ts';
import { pathOf } from './access/request-target.ts';
import { MessageRate, SocketAdmission, type SocketLimits } from './access/socket-admission.ts';
import type { TrustedDocuments } from './access/trusted-documents.ts';
import type { Clock } from './clock.ts';
import { unforeseen } from './unforeseen.ts';
import { endConversations } from './websocket-end.ts';
import { executionArgs, executorOf, type Socket, type SocketExtra, type Yoga } from './websocket-operation.ts';
import { type Conversation, converse } from './websocket-protocol.ts';

export interface WebSocketOptions {
  readonly server: Server;
  readonly yoga: Yoga;
  readonly path: string;
  readonly clock: Clock;
  readonly allowedOrigins: readonly string[];
  /** Whether only handshakes with a name of this machine are taken, as its requests are. */
  readonly isLocalOnly: boolean;
  readonly authenticator: Authenticator;
  /** Told of addresses whose callers cannot prove who they are; turns away those that fail too often. */
  readonly throttle: ConnectionThrottle;
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly limits: SocketLimits;
  readonly gate: Gate;
  readonly operationLog: OperationLog | undefined;
  /** Takes one line about something that nobody foresaw. */
  readonly log: (line: string) => void;
}

/** A client has this long to say `connection_init`. */
const connectionInitWaitMs = 3_000;

/** How long a peer that talks too much may take to answer the closing of its socket. */
const floodMs = 1_500;

/** What may arrive in pieces, and in how many: a peer could split a message into more than it is worth. */
const pieces = { maxFragments: 64, maxBufferedChunks: 1_024 };

/** graphql-ws would close a long id that is taken with the wrong code, and keeps each for as long as its operation lasts. */
const maxIdLength = 128;

/** Serves operations on `path` of `server`; the function it returns closes every socket, and resolves to the number of those it had to cut off. */
export function serveWebSockets(options: WebSocketOptions): () => Promise<number> {
  const { server, clock, limits, log } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, handleProtocols, ...pieces });
  const protocol = createProtocol(options);
  const conversations = new Map<WebSocket, Conversation>();
  sockets.on('connection', (socket, request) => {
    limitMessages(socket, new MessageRate(clock, limits.messagesPerSecond), clock);
    const onFault = (error: unknown): void => log(unforeseen(error));
    conversations.set(socket, converse({ socket, request, protocol, clock, onFault }));
    socket.once('close', () => conversations.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    // Node has taken its own listeners off the socket by now, and an error that nobody listens to ends the process.
    socket.on('error', () => socket.destroy());
    void refusalOf(request, options).then((refused) => {
      // Counted in the same turn in which the socket is added.
      const refusal = refused ?? (sockets.clients.size >= limits.connections ? crowded : undefined);
      if (refusal !== undefined) return refuse(socket, refusal);
      return sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
    });
  });
  return () => {
    sockets.close();
    return endConversations(conversations, clock);
  };
}

function createProtocol(options: WebSocketOptions): ProtocolServer<Extra> {
  const { yoga, authenticator, clock, limits, throttle, trustedDocuments, operationLog, gate } = options;
  const admission = new SocketAdmission(authenticator, clock, limits);
  return makeServer<Record<string, unknown>, Extra & Partial<SocketExtra>>({
    connectionInitWaitTimeout: connectionInitWaitMs,
    jsonMessageReviver: limitedId,
    execute: (args) => counted(gate, executorOf(args).execute(args)) as never,
    subscribe: (args) => executorOf(args).subscribe(args) as never,
    onConnect: async (context) => {
      const { socket, request } = context.extra;
      const gone = new AbortController();
      socket.once('close', () => gone.abort());
      const caller = await admission.callerOf(context.connectionParams, socket);
      if (caller === undefined) {
        await throttle.failed(addressOf(request));
        return false;
      }
      Object.assign(context.extra, { signal: gone.signal, caller } satisfies SocketExtra);
      return true;
    },
    onSubscribe: (context, id, payload) =>
      executionArgs(
        { yoga, trustedDocuments, maxOperations: limits.operations, operationLog, gate },
        context as Socket,
        id,
        payload,
      ),
  });
}

/** A query or mutation is under way until its result is there. */
async function counted(gate: Gate, result: unknown): Promise<unknown> {
  const end = gate.begin();
  try {
    return await result;
  } finally {
    end();
  }
}

/** Throwing here closes the socket with 4400. The message as a whole comes last, and under no name. */
function limitedId(key: string, message: unknown): unknown {
  const isWhole = key === '' && typeof message === 'object' && message !== null && 'id' in message;
  if (isWhole && typeof message.id === 'string' && message.id.length > maxIdLength) throw new Error('id too long');
  return message;
}

/** Before graphql-ws looks at a message: pings, of WebSocket itself too, and unknown operations count as well. */
function limitMessages(socket: WebSocket, rate: MessageRate, clock: Clock): void {
  const take = (): void => {
    if (rate.take()) return;
    for (const event of ['message', 'ping']) socket.removeAllListeners(event);
    socket.close(1008, 'Too many messages');
    // A flood would go on until its peer answers.
    clock.schedule(() => socket.terminate(), floodMs);
  };
  socket.on('message', take);
  socket.on('ping', take);
}

interface Refusal {
  readonly status: string;
  readonly headers?: string;
}

const wantedVersion = 'Sec-WebSocket-Version: 13\r\n';

const crowded: Refusal = { status: '503 Service Unavailable', headers: 'Retry-After: 5\r\n' };

async function refusalOf(
  request: IncomingMessage,
  { path, allowedOrigins, isLocalOnly, throttle, gate }: WebSocketOptions,
): Promise<Refusal | undefined> {
  if (hasTooManyHeaders(request)) return { status: '431 Request Header Fields Too Large' };
  if (request.httpVersion !== '1.1') return { status: '400 Bad Request' };
  // ws takes version 8 as well, which is a draft.
  if (request.headers['sec-websocket-version'] !== '13')
    return { status: '426 Upgrade Required', headers: wantedVersion };
  if (pathOf(request) !== path) return { status: '404 Not Found' };
  if (isLocalOnly && !isOwnHost(request)) return { status: '421 Misdirected Request' };
  if (!isAllowedOrigin(request, allowedOrigins)) return { status: '403 Forbidden' };
  if (gate.refusal() !== undefined) return crowded;
  const verdict = await throttle.verdictFor(addressOf(request));
  if (verdict === undefined) return undefined;
  const seconds = Math.ceil(verdict.retryAfterMs / 1_000);
  return { status: '429 Too Many Requests', headers: `Retry-After: ${seconds}\r\n` };
}

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}

function refuse(socket: Duplex, { status, headers = '' }: Refusal): void {
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
