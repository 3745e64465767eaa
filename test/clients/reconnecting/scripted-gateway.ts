/** A gateway that speaks `graphql-transport-ws` and otherwise does what a test says. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Subscribed {
  readonly id: string;
  readonly payload: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> };
  readonly socket: WebSocket;
  /** Sends a message about this operation. */
  readonly send: (type: 'complete' | 'error' | 'next', payload?: unknown) => void;
  /** Sends an event with this cursor. */
  readonly event: (cursor: string, more?: object) => void;
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export class ScriptedGateway {
  readonly url: string;
  /** The payload of each `connection_init`. */
  readonly inits: unknown[] = [];
  /** Each operation so far, with whatever ended it. */
  readonly subscribed: Subscribed[] = [];
  /** The ids of operations that run. */
  readonly running = new Set<string>();
  onInit: (socket: WebSocket, payload: unknown) => void = acknowledge;
  onSubscribe: (subscribed: Subscribed) => void = () => {};
  answersPings = true;
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  }

  /** Ends with the test. */
  static async start(port = 0): Promise<ScriptedGateway> {
    const server = new WebSocketServer({ port, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' });
    await once(server, 'listening');
    const gateway = new ScriptedGateway(server);
    server.on('connection', (socket) => gateway.#serve(socket));
    onTestFinished(() => gateway.close());
    return gateway;
  }

  get sockets(): number {
    return this.#server.clients.size;
  }

  /** The last operation. */
  get last(): Subscribed {
    const last = this.subscribed.at(-1);
    if (last === undefined) throw new Error('expected an operation');
    return last;
  }

  closeSockets(code: number): void {
    for (const socket of this.#server.clients) socket.close(code);
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #serve(socket: WebSocket): void {
    const own = new Set<string>();
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const id of own) this.running.delete(id);
    });
    socket.on('message', (data) => {
      const message: Message = JSON.parse(String(data));
      const { type, id = '', payload } = message;
      if (type === 'connection_init') {
        this.inits.push(payload);
        this.onInit(socket, payload);
      }
      if (type === 'ping' && this.answersPings) socket.send('{"type":"pong"}');
      if (type === 'complete') this.running.delete(id);
      if (type !== 'subscribe') return;
      own.add(id);
      this.running.add(id);
      const operation = this.#operation(socket, id, payload as Subscribed['payload']);
      this.subscribed.push(operation);
      this.onSubscribe(operation);
    });
  }

  #operation(socket: WebSocket, id: string, payload: Subscribed['payload']): Subscribed {
    const send: Subscribed['send'] = (type, content) => {
      if (type !== 'next') this.running.delete(id);
      socket.send(JSON.stringify({ id, type, ...(content !== undefined && { payload: content }) }));
    };
    const event: Subscribed['event'] = (cursor, more) =>
      send('next', { data: { jobActivity: { __typename: 'JobStateChange', cursor, ...more } } });
    return { id, payload, socket, send, event };
  }
}

export function acknowledge(socket: WebSocket): void {
  socket.send('{"type":"connection_ack"}');
}
