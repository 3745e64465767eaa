/** Creates the HTTP server: the port, its timeouts, and its shutdown together with that of the WebSockets. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import type { Operations } from '../execution/operations.ts';
import { graphqlPath } from '../execution/yoga.ts';
import type { Board } from './board.ts';
import { route } from './routes.ts';
import { gracefulShutdownOf } from './server-shutdown.ts';
import type { SocketLimits } from './socket-admission.ts';
import { serveWebSockets, type WebSocketOptions } from './websocket.ts';

/**
 * The number of requests and WebSockets that the shutdown cut off. A WebSocket counts if an operation was under way or
 * its peer did not answer the close frame.
 */
export interface Cut {
  readonly requests: number;
  readonly sockets: number;
}

export interface Listener {
  /** Resolves to the URL of the GraphQL endpoint. Rejects if the port cannot be bound. */
  readonly listen: () => Promise<string>;
  /** Resolves once every request and WebSocket has ended. */
  readonly close: () => Promise<void>;
  readonly cut: Cut;
}

export interface ListenerOptions
  extends Operations,
    Omit<WebSocketOptions, 'allowedOrigins' | 'isLocalOnly' | 'limits' | 'path' | 'runner' | 'server'> {
  readonly config: Config;
  /** Whether the services that operations need are available. */
  readonly isReady: () => Promise<boolean>;
  readonly board: Board | undefined;
}

export function createListener(options: ListenerOptions): Listener {
  const { board, config, clock, log, gate, isReady, onRefusal, yoga } = options;
  const isLocalOnly = config.auth.mode === 'none';
  const routes = { isLocalOnly, gate, onRefusal, isReady, json: options, schema: options, yoga, board };
  const server = createServer(serverTimeouts, (request, response) => route(request, response, routes));
  server.maxConnections = config.caller.connections;
  server.on('drop', () => onRefusal?.('http', 'too-many-connections'));
  const closeRequests = gracefulShutdownOf(server, clock);
  const closeSockets = serveWebSockets({
    ...options,
    server,
    path: graphqlPath,
    allowedOrigins: config.allowedOrigins,
    isLocalOnly,
    limits: socketLimits(config),
  });
  const cut = { requests: 0, sockets: 0 };
  return {
    listen: async () => {
      server.listen({ port: config.port, host: config.host });
      await once(server, 'listening');
      // With no file descriptor left the server cannot accept a connection; it may accept the next.
      server.on('error', ({ code }: NodeJS.ErrnoException) =>
        log(`a connection could not be taken: ${code ?? 'unexpected'}`),
      );
      return `${originOf(server, config.host)}${graphqlPath}`;
    },
    close: async () => {
      await Promise.all([
        closeSockets().then((sockets) => Object.assign(cut, { sockets })),
        closeRequests().then((requests) => Object.assign(cut, { requests })),
      ]);
    },
    cut,
  };
}

/** The server closes connections of clients that send more slowly than this, or nothing after a response. */
const serverTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Longer than load balancers keep theirs (AWS's and nginx 60 s): else one reuses a connection that is just being closed, and answers 502.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
};

/** The remaining connections are for requests, and for the refusal of further WebSockets. */
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

function originOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
