/** Subscriptions on the wire: frames of `graphql-transport-ws`, and server-sent events. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

export const watchJobs = `subscription ($ids: [ID!]!, $after: String) {
  jobStateChanged(ids: $ids, after: $after) {
    __typename
    cursor
    ... on JobStateChange { previousState state isAnomalous job { id state isFinished } }
    ... on JobGone { id awsJobId service }
    ... on JobsStale { service ids since }
    ... on JobsFresh { service ids }
  }
}`;

/** The members of a change; other events have only `__typename`, `cursor`, and what an outage is about. */
export interface Change {
  readonly __typename?: string;
  readonly previousState: string | null;
  readonly state: string;
  readonly cursor: string;
  readonly isAnomalous?: boolean;
  readonly job: { readonly id: string; readonly state: string; readonly isFinished: boolean };
  readonly service?: string;
  readonly ids?: readonly string[] | null;
  readonly since?: string;
}

export interface LiveResult {
  readonly data?: Record<string, Change> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

export interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/**
 * Opens a socket, sends `connection_init` and waits for the acknowledgement; rejects if the socket is closed. It
 * answers pings of the protocol only on request.
 */
export async function openSocket(url: string, payload?: object): Promise<RawSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  const raw = new RawSocket(socket);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  raw.send({ type: 'connection_init', ...(payload && { payload }) });
  await until(() => raw.closed !== undefined || raw.frames.some(({ type }) => type === 'connection_ack'));
  if (raw.closed) throw new Error(`the socket was closed: ${raw.closed.code} ${raw.closed.reason}`);
  return raw;
}

export class RawSocket {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('error', () => {});
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
  }

  send(frame: Frame): void {
    this.socket.send(JSON.stringify(frame));
  }

  subscribe(id: string, query: string, variables: Record<string, unknown> = {}): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** The types of the frames of operation `id`, in order. */
  typesOf(id: string): string[] {
    return this.frames.filter((frame) => frame.id === id).map(({ type }) => type);
  }

  resultsOf(id: string): LiveResult[] {
    return this.frames
      .filter((frame) => frame.id === id && frame.type === 'next')
      .map(({ payload }) => payload as LiveResult);
  }
}

export function eventsOf(results: readonly LiveResult[]): Change[] {
  return results.flatMap(({ data }) => Object.values(data ?? {}));
}

/** The outage events, such as `JobsStale DATA_EXCHANGE all`. */
export function outagesOf(results: readonly LiveResult[]): string[] {
  return eventsOf(results)
    .filter(isOutage)
    .map(({ __typename: type, service, ids }) => `${type} ${service} ${ids?.join() ?? 'all'}`);
}

/** The results with a state. */
export function changesOf(results: readonly LiveResult[]): LiveResult[] {
  return results.filter((result) => eventsOf([result]).some(({ __typename: type }) => type === 'JobStateChange'));
}

function isOutage({ __typename: type }: Change): boolean {
  return type === 'JobsStale' || type === 'JobsFresh';
}

/** The types of all other events, and the codes of errors. */
export function otherEventsOf(results: readonly LiveResult[]): unknown[] {
  return results.flatMap((result) => [
    ...eventsOf([result]).flatMap((event) =>
      event.__typename === 'JobStateChange' || isOutage(event) ? [] : [event.__typename],
    ),
    ...(result.errors ?? []).map(({ extensions }) => extensions?.['code']),
  ]);
}

/** The steps, such as `WAITING -> COMPLETED`. */
export function stepsOf(results: readonly LiveResult[], id?: string): string[] {
  return eventsOf(results)
    .filter(({ job }) => job !== undefined)
    .filter((change) => id === undefined || change.job.id === id)
    .map(({ previousState, state }) => `${previousState} -> ${state}`);
}

export function cursorsOf(results: readonly LiveResult[]): string[] {
  return results.flatMap(({ data }) => Object.values(data ?? {}).map(({ cursor }) => cursor));
}

export interface SentEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly result: LiveResult | undefined;
}

/** Opens a stream of server-sent events and reads it in the background. */
export async function openEvents(
  url: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
  query = watchJobs,
) {
  const leaving = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    signal: leaving.signal,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  let text = '';
  const brokeOff = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return false;
  })().catch(() => true);
  const events = (): SentEvent[] => text.split('\n\n').slice(0, -1).flatMap(eventFrom);
  onTestFinished(() => leaving.abort());
  return {
    status: response.status,
    events,
    results: () => events().flatMap(({ result }) => (result === undefined ? [] : [result])),
    ended: brokeOff.then(() => {}),
    /** Whether the connection was lost before the end of the response, once either has happened. */
    brokeOff,
    leave: () => leaving.abort(),
  };
}

/** Parsed by the HTML Standard, "Interpreting an event stream": fields in any order, lines of data joined. */
function eventFrom(block: string): SentEvent[] {
  const fields = block
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(':'))
    .map((line) => /^([^:]*):? ?(.*)$/.exec(line)?.slice(1) ?? []);
  if (fields.length === 0) return [];
  const valuesOf = (name: string) => fields.filter(([field]) => field === name).map(([, value]) => value ?? '');
  const data = valuesOf('data').join('\n');
  const result = data === '' ? undefined : (JSON.parse(data) as LiveResult);
  return [{ event: valuesOf('event').at(-1) ?? 'message', id: valuesOf('id').at(-1), result }];
}

export async function until(condition: () => boolean, ms = 10_000): Promise<void> {
  for (let waited = 0; !condition() && waited < ms; waited += 10) await sleep(10);
  expect(condition()).toBe(true);
}
