/** Starts a gateway that runs the documents of a file only. */
import { createClient } from 'graphql-ws';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startChildGateway } from '../../support/child-gateway.ts';
import { readyOperations, variablesOf } from '../../support/ready-operations.ts';

/** Refuses everything else, as the test checks at once. */
export async function startTrustedGateway(file: string): Promise<string> {
  const { url } = await startChildGateway({ WAYBILL_TRUSTED_DOCUMENTS: file });
  const refused = await post(url, { query: '{ __typename }' });
  expect(refused).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_ONLY' } }] });
  return url;
}

/** The answer to a body that a network layer of an application sends. */
export async function post(url: string, body: object): Promise<{ data?: unknown; errors?: unknown }> {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as { data?: unknown; errors?: unknown };
}

/** A client of graphql-ws, closed with the test. */
export function socketClient(url: string) {
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  onTestFinished(() => void client.dispose());
  return client;
}

/** The queries and mutations that have variables for the demo jobs. */
export const runnable = readyOperations.filter(({ name, kind }) => kind !== 'subscription' && name in variablesOf);
