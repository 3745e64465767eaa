/** Sends requests with the test's own JSON, over HTTP and WebSocket. */
import { acceptedJson } from './accepted-json.ts';
import type { TestGateway } from './gateway.ts';
import { openSocket, until } from './live.ts';
import type { Spelled } from './spellings.ts';
import { answerOf, type OperationResult } from './transports.ts';

type Send = (gateway: TestGateway, payload: string, request: Pick<Spelled, 'operation'>) => Promise<OperationResult>;

/** The result; for a subscription its first event. */
export const sendOver: Readonly<Record<'HTTP' | 'WebSocket', Send>> = {
  HTTP: async ({ url }, payload, { operation }) => {
    const accept = operation === 'subscription' ? 'text/event-stream' : acceptedJson;
    const headers = { 'content-type': 'application/json', accept };
    return answerOf(await fetch(url, { method: 'POST', headers, body: payload }));
  },
  WebSocket: async ({ url }, payload) => {
    const raw = await openSocket(url);
    raw.socket.send(`{"type": "subscribe", "id": "1", "payload": ${payload}}`);
    await until(() => raw.closed !== undefined || raw.typesOf('1').length > 0);
    raw.socket.terminate();
    const frame = raw.frames.find(({ id }) => id === '1');
    if (frame === undefined) throw new Error(`the socket was closed: ${raw.closed?.code} ${raw.closed?.reason}`);
    return (frame.type === 'error' ? { errors: frame.payload } : frame.payload) as OperationResult;
  },
};
