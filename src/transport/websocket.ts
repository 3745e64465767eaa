/** Operations over WebSocket, subprotocol `graphql-transport-ws`: the handshake, the limits of a socket, and its end. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../base/clock.ts';
import { isOwnHost } from '../base/loopback.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { ConnectionThrottle } from '../limits/rate-limit.ts';
import { unexpected } from '../log/unexpected.ts';
import { hasTooManyHeaders } from './header-limit.ts';
import { isAllowedOrigin } from './origins.ts';
import { ReceivedBytes } from './received-bytes.ts';
import { pathOf } from './request-target.ts';
import { SocketAdmission, type SocketLimits } from './socket-admission.ts';
import { endConversations } from './websocket-end.ts';
import { type OperationOptions, runOperation } from './websocket-operation.ts';
import { Conversation } from './websocket-protocol.ts';

export interface WebSocketOptions extends OperationOptions {
  readonly server: Server;
  readonly path: string;
  readonly clock: Clock;
  readonly allowedOrigins: readonly string[];
  /** Whether only handshakes with a name of this machine are taken, as its requests are. */
  readonly isLocalOnly: boolean;
  readonly authenticator: Authenticator;
  /** Told of addresses whose callers cannot prove who they are; turns away those that fail too often. */
  readonly throttle: ConnectionThrottle;
  readonly limits: SocketLimits;
  /** Takes one line about something that nobody expected. */
  readonly log: (line: string) => void;
}

/** A message that is larger than it may be fails by itself, up to this many times its limit; beyond, ws closes the socket with 1009. */
const readShare = 2;

/** What may arrive in pieces, and in how many: a peer could split a message into more than it is worth. */
const maxFragments = 64;
const leastChunkBytes = 256;
const leastChunks = 1_024;

/** Serves operations on `path` of `server`; the function it returns closes every socket, and resolves to the number of those it had to cut off. */
export function serveWebSockets(options: WebSocketOptions): () => Promise<number> {
  const { server, clock, limits } = options;
  const maxPayload = limits.messageBytes * readShare;
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload,
    maxFragments,
    maxBufferedChunks: Math.max(leastChunks, Math.ceil(maxPayload / leastChunkBytes)),
    autoPong: false,
  });
  const begin = conversationsOf(options);
  const conversations = new Map<WebSocket, Conversation>();
  sockets.on('connection', (socket, request) => {
    conversations.set(socket, begin(socket, request));
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

function conversationsOf(options: WebSocketOptions): (socket: WebSocket, request: IncomingMessage) => Conversation {
  const { authenticator, clock, limits, throttle, log } = options;
  const admission = new SocketAdmission(authenticator, clock, limits);
  const received = new ReceivedBytes();
  return (socket, request) => {
    // A socket that has gone has no address any more.
    const address = addressOf(request);
    return new Conversation({
      socket,
      request,
      clock,
      limits,
      received,
      callerOf: async (payload, owner) => {
        const caller = await admission.callerOf(payload, owner);
        // Whoever has left as well: what they showed was looked at.
        if (caller === undefined) await throttle.failed(address);
        return caller;
      },
      run: (operation, asked, leave) => runOperation(options, operation, asked, leave),
      onFault: (error) => log(unexpected(error)),
    });
  };
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
