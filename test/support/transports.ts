/** One operation over each of the three transports, by a caller with or without a token. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestGateway } from './gateway.ts';

export interface Asked {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
  readonly documentId?: string;
  readonly doc_id?: string;
}

export interface Told {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

export const transports = ['HTTP', 'SSE', 'WebSocket'] as const;

export type Transport = (typeof transports)[number];

export interface Target {
  readonly url: string;
  readonly token?: string;
}

/** The answer; of a stream, its first event. */
export function askOver(transport: Transport, target: Target, asked: Asked): Promise<Told> {
  return asking[transport](target, asked);
}

const asking: Readonly<Record<Transport, (target: Target, asked: Asked) => Promise<Told>>> = {
  HTTP: async (target, asked) => answerOf(await post(target, asked, 'application/json')),
  SSE: async (target, asked) => answerOf(await post(target, asked, 'text/event-stream')),
  WebSocket: ({ url, token }, asked) => {
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    return new Promise<Told>((resolve, reject) => {
      const stop = client.subscribe<Record<string, unknown>>(
        { query: '', ...asked },
        {
          next: (told) => {
            resolve(told as Told);
            stop();
          },
          error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
          complete: () => reject(new Error('expected an answer before the end')),
        },
      );
    }).finally(() => client.dispose());
  },
};

/** What a response says; the first event where it is a stream of server-sent events. */
export async function answerOf(response: Response): Promise<Told> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.json() as Promise<Told>;
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const data = /^data: (.+)\n/m.exec(text)?.[1];
    // Leaving the loop gives the stream up.
    if (data !== undefined) return JSON.parse(data) as Told;
  }
  throw new Error(`expected an event, received ${response.status} ${text}`);
}

function post({ url, token }: Target, asked: Asked, accept: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    accept,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(asked) });
}

/** Calls that reached the emulator since the last `forgetRequests`. */
export async function callsOf({ emulator }: Pick<TestGateway, 'emulator'>): Promise<number> {
  return Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
}

/** The codes of the errors of an answer. */
export function codesOf({ errors = [] }: Told): readonly unknown[] {
  return errors.map(({ extensions }) => extensions?.['code']);
}
