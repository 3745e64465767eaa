/** Serves operations over WebSocket with the subprotocol `graphql-transport-ws`: the handshake, the limits, and the shutdown. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../base/clock.ts';
import { isOwnHost } from '../base/loopback.ts';
import { retryAfterSeconds } from '../base/retry-after.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { AddressOf } from '../identity/client-address.ts';
import { type ConnectionThrottle, failedTooOften } from '../limits/rate-limit.ts';
import type { OnRefusal, RefusalReason } from '../limits/refusal.ts';
import { unexpected } from '../log/unexpected.ts';
import { hasTooManyHeaders } from './header-limit.ts';
import { isAllowedOrigin } from './origins.ts';
import { ReceivedBytes } from './received-bytes.ts';
import { pathOf } from './request-target.ts';
import { SocketAdmission, type SocketLimits } from './socket-admission.ts';
import { type OperationOptions, runOperation } from './websocket-operation.ts';
import { Connection } from './websocket-protocol.ts';
import { closeConnections } from './websocket-shutdown.ts';

export interface WebSocketOptions extends OperationOptions {
  readonly server: Server;
  readonly path: string;
  readonly clock: Clock;
  readonly allowedOrigins: readonly string[];
  /** Whether the `Host` of a handshake must be a loopback name, as for requests. */
  readonly isLocalOnly: boolean;
  readonly authenticator: Authenticator;
  /** Counts failed authentications by address, and refuses addresses with too many. */
  readonly throttle: ConnectionThrottle;
  /** The address that failed authentications are counted for. */
  readonly addressOf: AddressOf;
  readonly limits: SocketLimits;
  /** Absent if refusals are not counted. */
  readonly onRefusal: OnRefusal | undefined;
  /** Logs one line about an unexpected error. */
  readonly log: (line: string) => void;
}

/** A message over its limit gets an error of its own, up to this many times the limit. Beyond, ws closes the socket with 1009. */
const readFactor = 2;

/**
 * The number of pieces that a message may arrive in, since a peer could split it into pieces whose overhead exceeds
 * their content.
 */
const maxFragments = 64;
const minChunkBytes = 256;
const minBufferedChunks = 1_024;

/**
 * Serves operations on `path` of `server`. The returned function closes every socket and resolves to the number that it
 * cut off.
 */
export function serveWebSockets(options: WebSocketOptions): () => Promise<number> {
  const { server, clock, limits, onRefusal } = options;
  const maxPayload = limits.messageBytes * readFactor;
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload,
    maxFragments,
    maxBufferedChunks: Math.max(minBufferedChunks, Math.ceil(maxPayload / minChunkBytes)),
    autoPong: false,
  });
  const connect = connectionFactory(options);
  const connections = new Map<WebSocket, Connection>();
  sockets.on('connection', (socket, request) => {
    connections.set(socket, connect(socket, request));
    socket.once('close', () => connections.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    // Node has removed its own listeners from the socket by now, and an error without a listener would end the process.
    socket.on('error', () => socket.destroy());
    void refusalOf(request, options).then((refused) => {
      // Counted synchronously with the handshake, so that no other socket is added between.
      const refusal = refused ?? (sockets.clients.size >= limits.connections ? full : undefined);
      if (refusal !== undefined) {
        if (refusal.countedAs !== undefined) onRefusal?.('websocket', refusal.countedAs);
        return refuse(socket, refusal);
      }
      return sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
    });
  });
  return () => {
    sockets.close();
    return closeConnections(connections, clock);
  };
}

function connectionFactory(options: WebSocketOptions): (socket: WebSocket, request: IncomingMessage) => Connection {
  const { authenticator, clock, limits, throttle, addressOf, onRefusal, log } = options;
  const admission = new SocketAdmission(authenticator, clock, limits, onRefusal);
  const received = new ReceivedBytes();
  return (socket, request) => {
    // A closed socket has no address any more.
    const address = addressOf(request);
    return new Connection({
      socket,
      request,
      clock,
      limits,
      received,
      callerOf: async (payload, owner) => {
        const caller = await admission.callerOf(payload, owner);
        // Also if the client has left: its proof was checked.
        if (caller === undefined) await throttle.failed(address);
        return caller;
      },
      run: (operation, subscribe, releaseId) => runOperation(options, operation, subscribe, releaseId),
      onFault: (error) => log(unexpected(error)),
    });
  };
}

interface Refusal {
  readonly status: string;
  /** The body: no client of GraphQL reads it, but whoever looks for the reason. */
  readonly reason: string;
  readonly headers?: string;
  /** Absent where the handshake itself is wrong. */
  readonly countedAs?: RefusalReason;
}

const unavailable = '503 Service Unavailable';

/** When to try again where there are too many connections. */
const fullForMs = 5_000;

const full = later(unavailable, 'Too many WebSockets are open. Try again later.', fullForMs, 'too-many-sockets');

const supportedVersion = 'Sec-WebSocket-Version: 13';

async function refusalOf(
  request: IncomingMessage,
  { path, allowedOrigins, isLocalOnly, throttle, addressOf, gate }: WebSocketOptions,
): Promise<Refusal | undefined> {
  if (hasTooManyHeaders(request))
    return { status: '431 Request Header Fields Too Large', reason: 'The header has too many lines.' };
  if (request.httpVersion !== '1.1') return { status: '400 Bad Request', reason: 'Expected HTTP/1.1.' };
  // ws also accepts version 8, which is a draft.
  if (request.headers['sec-websocket-version'] !== '13')
    return {
      status: '426 Upgrade Required',
      reason: `Expected ${supportedVersion}.`,
      headers: `${supportedVersion}\r\n`,
    };
  if (pathOf(request) !== path) return { status: '404 Not Found', reason: `WebSockets are served at ${path}.` };
  if (isLocalOnly && !isOwnHost(request))
    return { status: '421 Misdirected Request', reason: 'Expected a loopback Host.' };
  if (!isAllowedOrigin(request, allowedOrigins))
    return { status: '403 Forbidden', reason: foreignOrigin, countedAs: 'foreign-origin' };
  const refusal = gate.refusal();
  if (refusal !== undefined) return later(unavailable, refusal.message, refusal.retryAfterMs, refusal.countedAs);
  const verdict = await throttle.verdictFor(addressOf(request));
  const reason = `${failedTooOften}. Try again later.`;
  return verdict && later('429 Too Many Requests', reason, verdict.retryAfterMs, 'failed-too-often');
}

const foreignOrigin = "Origin: expected the gateway's own or one of WAYBILL_ALLOWED_ORIGINS.";

function later(status: string, reason: string, retryAfterMs: number, countedAs: RefusalReason): Refusal {
  return { status, reason, headers: `Retry-After: ${retryAfterSeconds(retryAfterMs)}\r\n`, countedAs };
}

function refuse(socket: Duplex, { status, reason, headers = '' }: Refusal): void {
  const body = `${reason}\n`;
  const all = `${headers}Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`HTTP/1.1 ${status}\r\n${all}\r\n\r\n${body}`, () => socket.destroy());
}
