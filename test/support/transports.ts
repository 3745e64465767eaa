/** Sends one operation over each of the three transports, with or without a token. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { acceptedJson } from './accepted-json.ts';
import type { TestGateway } from './gateway.ts';

export interface OperationRequest {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
  readonly documentId?: string;
  readonly doc_id?: string;
  readonly id?: string;
}

export interface OperationResult {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

export const transports = ['HTTP', 'SSE', 'WebSocket'] as const;

export type Transport = (typeof transports)[number];

export interface Target {
  readonly url: string;
  readonly token?: string;
}

/** The result; for a stream its first event. */
export function askOver(transport: Transport, target: Target, request: OperationRequest): Promise<OperationResult> {
  return senders[transport](target, request);
}

const senders: Readonly<Record<Transport, (target: Target, request: OperationRequest) => Promise<OperationResult>>> = {
  HTTP: async (target, request) => answerOf(await post(target, request, acceptedJson)),
  SSE: async (target, request) => answerOf(await post(target, request, 'text/event-stream')),
  WebSocket: ({ url, token }, request) => {
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    return new Promise<OperationResult>((resolve, reject) => {
      const stop = client.subscribe<Record<string, unknown>>(
        { query: '', ...request },
        {
          next: (result) => {
            resolve(result as OperationResult);
            stop();
          },
          error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
          complete: () => reject(new Error('expected an answer before the end')),
        },
      );
    }).finally(() => client.dispose());
  },
};

/** The result in a response; for server-sent events the first event. */
export async function answerOf(response: Response): Promise<OperationResult> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
    return response.json() as Promise<OperationResult>;
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const data = /^data: (.+)\n/m.exec(text)?.[1];
    // Leaving the loop cancels the stream.
    if (data !== undefined) return JSON.parse(data) as OperationResult;
  }
  throw new Error(`expected an event, received ${response.status} ${text}`);
}

function post({ url, token }: Target, request: OperationRequest, accept: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    accept,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
}

/** The number of calls that reached the emulator since the last `forgetRequests`. */
export async function callsOf({ emulator }: Pick<TestGateway, 'emulator'>): Promise<number> {
  return Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
}

/** The error codes of a result. */
export function codesOf({ errors = [] }: OperationResult): readonly unknown[] {
  return errors.map(({ extensions }) => extensions?.['code']);
}
