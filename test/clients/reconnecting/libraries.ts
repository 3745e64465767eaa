/** Each library of clients that the gateway's documents name, as a reader of one subscription. */
import { type Client, createClient } from 'graphql-ws';
import { type ResumableClient, resumable } from 'waybill-client';
import { createEventsClient } from 'waybill-client/sse';
import { WebSocket } from 'ws';
import { readByApollo3 } from './apollo-3.ts';
import { readByApollo4 } from './apollo-4.ts';
import type { Event } from './events.ts';
import { readByRelay } from './relay.ts';
import { readByUrql } from './urql.ts';

export interface Reading {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly onEvent: (event: Event) => void;
  readonly onError: (error: unknown) => void;
  readonly onComplete: () => void;
}

/** Returns the function that stops reading. */
export type Read = (client: Client, reading: Reading) => () => void;

export interface Library {
  readonly name: string;
  readonly connect: (url: string, token?: () => string) => ResumableClient;
  readonly read: Read;
  /** Whether it takes longer than a test to notice that nothing arrives any more: the gateway's comments are 12 s apart. */
  readonly isPatient?: boolean;
}

/** Fails a handshake that is not answered, which `ws` by itself waits for without end. */
export class ImpatientWebSocket extends WebSocket {
  constructor(address: string | URL, protocols?: string | string[]) {
    super(address, protocols, { handshakeTimeout: 500 });
  }
}

export const quick = { pingAfterMs: 400, toleranceMs: 100 };

export function webSocketClient(url: string, token?: () => string) {
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: ImpatientWebSocket,
    retryAttempts: 0,
    generateID: () => crypto.randomUUID(),
    ...(token && { connectionParams: () => ({ authorization: `Bearer ${token()}` }) }),
  });
}

const byWebSocket: Library['connect'] = (url, token) => resumable(webSocketClient(url, token), quick);

const byEvents: Library['connect'] = (url, token) =>
  resumable(
    createEventsClient({ url, ...(token && { headers: () => ({ authorization: `Bearer ${token()}` }) }) }),
    quick,
  );

export const readDirectly: Read = (client, { query, variables, onEvent, onError, onComplete }) =>
  client.subscribe<Record<string, Event>>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors) onError(errors);
        for (const event of Object.values(data ?? {})) onEvent(event);
      },
      error: onError,
      complete: onComplete,
    },
  );

export const libraries: readonly Library[] = [
  { name: 'graphql-ws', connect: byWebSocket, read: readDirectly },
  { name: 'Apollo Client 3', connect: byWebSocket, read: readByApollo3 },
  { name: 'Apollo Client 4', connect: byWebSocket, read: readByApollo4 },
  { name: 'urql', connect: byWebSocket, read: readByUrql },
  { name: 'Relay', connect: byWebSocket, read: readByRelay },
  { name: 'Server-Sent Events', connect: byEvents, read: readDirectly, isPatient: true },
];
