/**
 * Reads jobs of a gateway at a steady rate, whether or not earlier reads were answered. It keeps when each was answered, with
 * which code and whether with a time to retry, which the lighter senders do not: `harness/impatient-callers.ts` counts
 * answers by their status, `requests/caller.ts` those of any server by their text.
 */
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface Answered {
  readonly startedAt: number;
  readonly tookMs: number;
  /** The code of its error; undefined if there was none. */
  readonly code: string | undefined;
  /** Whether the error says when to retry. */
  readonly hasRetryAfter: boolean;
}

export interface Stream {
  /** The answers so far. */
  readonly answered: readonly Answered[];
  /** Stops sending, and resolves when all operations are answered. */
  stop(): Promise<readonly Answered[]>;
}

const document = 'query ($id: ID!) { node(id: $id) { ... on Job { state } } }';
const tickMs = 5;
/** Longer than any operation may take. */
const giveUpMs = 30_000;

/** Reads the jobs `ids` in turn, `perSecond` of them. */
export function readSteadily(url: string, ids: readonly string[], perSecond: number): Stream {
  const agent = new Agent({ keepAlive: true });
  const answered: Answered[] = [];
  const pending = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond;
    for (; sent < due; sent += 1) {
      const reading = read(url, agent, ids[sent % ids.length] ?? '').then((answer) => void answered.push(answer));
      pending.add(reading);
      void reading.finally(() => pending.delete(reading));
    }
  }, tickMs);
  return {
    answered,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      agent.destroy();
      return answered;
    },
  };
}

export async function readFor(url: string, ids: readonly string[], perSecond: number, ms: number) {
  const stream = readSteadily(url, ids, perSecond);
  await pause(ms);
  return stream.stop();
}

function read(url: string, agent: Agent, id: string): Promise<Answered> {
  const startedAt = performance.now();
  const body = JSON.stringify({ query: document, variables: { id } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const end = (text: string): void => {
      resolve({ startedAt, tookMs: performance.now() - startedAt, ...errorIn(text) });
    };
    const sending = request(url, { method: 'POST', agent, headers, timeout: giveUpMs }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => end(text)).once('error', () => end(''));
    });
    // The kernel may have dropped the connection without notifying this end.
    sending.once('timeout', () => sending.destroy());
    sending.once('error', () => end('')).end(body);
  });
}

function errorIn(text: string): Pick<Answered, 'code' | 'hasRetryAfter'> {
  if (text === '') return { code: 'NO_ANSWER', hasRetryAfter: false };
  const { errors } = JSON.parse(text) as { errors?: { extensions?: { code?: string; retryAfterMs?: number } }[] };
  const extensions = errors?.[0]?.extensions;
  return {
    code: errors === undefined ? undefined : (extensions?.code ?? 'NO_CODE'),
    hasRetryAfter: extensions?.retryAfterMs !== undefined,
  };
}
