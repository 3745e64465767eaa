/** Where requests and WebSockets come in: the port, how long a client may take, and how they end. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { graphqlPath } from '../execution/server-context.ts';
import { route } from './routes.ts';
import { gentleEndOf } from './server-end.ts';
import type { SocketLimits } from './socket-admission.ts';
import { serveWebSockets, type WebSocketOptions } from './websocket.ts';

/** How many were cut off at the end: requests, and WebSockets with something under way or whose peers did not answer their closing. */
export interface Cut {
  readonly requests: number;
  readonly sockets: number;
}

export interface Listener {
  /** Resolves to where operations go. Rejects if the port cannot be had. */
  readonly listen: () => Promise<string>;
  /** Resolves once everything has ended that came in. */
  readonly close: () => Promise<void>;
  readonly cut: Cut;
}

export interface ListenerOptions
  extends Omit<WebSocketOptions, 'allowedOrigins' | 'isLocalOnly' | 'limits' | 'path' | 'server'> {
  readonly config: Config;
  /** Whether everything that an operation needs is there. */
  readonly isReady: () => Promise<boolean>;
}

export function createListener(options: ListenerOptions): Listener {
  const { config, clock, log, gate, isReady, yoga } = options;
  const isLocalOnly = config.auth.mode === 'none';
  const routes = { isLocalOnly, gate, isReady, yoga };
  const server = createServer(serverTimeouts, (request, response) => route(request, response, routes));
  server.maxConnections = config.caller.connections;
  const endRequests = gentleEndOf(server, clock);
  const endSockets = serveWebSockets({
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
      server.listen(config.port, config.host);
      await once(server, 'listening');
      // With no descriptor left a connection cannot be taken; the next one may be.
      server.on('error', ({ code }: NodeJS.ErrnoException) =>
        log(`a connection could not be taken: ${code ?? 'unexpected'}`),
      );
      return `${originOf(server, config.host)}${graphqlPath}`;
    },
    close: async () => {
      await Promise.all([
        endSockets().then((sockets) => Object.assign(cut, { sockets })),
        endRequests().then((requests) => Object.assign(cut, { requests })),
      ]);
    },
    cut,
  };
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

function originOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
