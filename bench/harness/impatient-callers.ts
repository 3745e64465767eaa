/**
 * Sends an overload: independent callers in great number, each of whom opens a connection if none is free, and goes away if they
 * have no answer in time. They write prepared bytes to plain sockets, for a tenth of the time of `node:http`: in an overload a
 * heavier sender is the one that is overloaded. So they read only the forms in which the gateway answers;
 * `requests/caller.ts` sends to any server.
 */
import { connect, type Socket } from 'node:net';

/** What became of the requests of a run. */
export interface Outcomes {
  /** Of each answer without an error, in milliseconds. */
  readonly served: readonly number[];
  /** Of each 503, in milliseconds. */
  readonly refused: readonly number[];
  /** The callers that went away. */
  readonly givenUp: number;
  /** The callers who found no connection free of `maxConnections`. */
  readonly unsent: number;
  /** Connections that failed, and answers of another kind, by their text. */
  readonly failures: Readonly<Record<string, number>>;
  /** The most connections open at once. */
  readonly connections: number;
  /** How late the last request was sent. */
  readonly behindMs: number;
}

export interface Crowd {
  readonly url: URL;
  readonly bodies: readonly string[];
  readonly perSecond: number;
  readonly durationMs: number;
  readonly patienceMs: number;
  /** The most connections that it opens, as a load balancer does; absent for no limit. */
  readonly maxConnections?: number;
}

const tickMs = 2;
/** The most that one tick sends, so that a sender who is behind still reads answers. */
const maxAtOnce = 100;

/** Resolves when each request is answered or given up. */
export async function sendAsCrowd(crowd: Crowd): Promise<Outcomes> {
  const { perSecond, durationMs, patienceMs } = crowd;
  const callers = new Callers(crowd);
  const startedAt = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now();
      callers.giveUp(now);
      const due = (Math.min(now - startedAt, durationMs) * perSecond) / 1_000;
      for (let count = 0; sent < due && count < maxAtOnce; count += 1, sent += 1) callers.send(now);
      callers.behindMs = now - startedAt < durationMs ? ((due - sent) * 1_000) / perSecond : callers.behindMs;
      if (now - startedAt < durationMs + patienceMs + 10 * tickMs) return;
      clearInterval(timer);
      resolve();
    }, tickMs);
  });
  callers.end();
  return callers;
}

class Callers implements Outcomes {
  readonly served: number[] = [];
  readonly refused: number[] = [];
  readonly failures: Record<string, number> = {};
  givenUp = 0;
  unsent = 0;
  connections = 0;
  behindMs = 0;
  readonly #crowd: Crowd;
  readonly #requests: readonly Buffer[];
  readonly #free: Caller[] = [];
  /** The busy ones, the longest waiting first. */
  readonly #waiting = new Set<Caller>();
  readonly #open = new Set<Caller>();
  #sent = 0;

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
    this.#requests = crowd.bodies.map((body) => requestBytes(crowd.url, body));
  }

  send(now: number): void {
    const request = this.#requests[this.#sent % this.#requests.length];
    this.#sent += 1;
    const caller = this.#free.pop() ?? this.#connectIfAllowed();
    if (request === undefined) return;
    if (caller === undefined) {
      this.unsent += 1;
      return;
    }
    this.#waiting.add(caller);
    caller.send(request, now);
  }

  giveUp(now: number): void {
    for (const caller of this.#waiting) {
      if (now - caller.startedAt < this.#crowd.patienceMs) return;
      this.givenUp += 1;
      this.#forget(caller);
    }
  }

  end(): void {
    for (const caller of this.#open) this.#forget(caller);
  }

  #connectIfAllowed(): Caller | undefined {
    const { maxConnections = Number.POSITIVE_INFINITY } = this.#crowd;
    return this.#open.size < maxConnections ? this.#connect() : undefined;
  }

  #connect(): Caller {
    const caller = new Caller(this.#crowd.url, {
      answered: (status, isLast) => this.#answered(caller, status, isLast),
      failed: (reason) => {
        if (this.#waiting.has(caller)) this.#count(reason);
        this.#forget(caller);
      },
    });
    this.#open.add(caller);
    this.connections = Math.max(this.connections, this.#open.size);
    return caller;
  }

  #answered(caller: Caller, status: number, isLast: boolean): void {
    if (!this.#waiting.delete(caller)) return;
    const tookMs = performance.now() - caller.startedAt;
    if (status === 200) this.served.push(tookMs);
    else if (status === 503) this.refused.push(tookMs);
    else this.#count(`status ${status}`);
    if (isLast) this.#forget(caller);
    else this.#free.push(caller);
  }

  #count(reason: string): void {
    this.failures[reason] = (this.failures[reason] ?? 0) + 1;
  }

  #forget(caller: Caller): void {
    this.#waiting.delete(caller);
    this.#open.delete(caller);
    const index = this.#free.indexOf(caller);
    if (index !== -1) this.#free.splice(index, 1);
    caller.leave();
  }
}

interface CallerEvents {
  readonly answered: (status: number, isLast: boolean) => void;
  readonly failed: (reason: string) => void;
}

/** One connection, with one request at a time. */
class Caller {
  startedAt = 0;
  readonly #socket: Socket;
  #received = '';

  constructor({ hostname, port }: URL, events: CallerEvents) {
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => {
      this.#received += chunk;
      const answer = answerIn(this.#received);
      if (answer === undefined) return;
      this.#received = '';
      events.answered(answer.status, answer.isLast);
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => events.failed(error.code ?? error.message));
    this.#socket.on('close', () => events.failed('closed without an answer'));
  }

  send(request: Buffer, now: number): void {
    this.startedAt = now;
    this.#socket.write(request);
  }

  leave(): void {
    this.#socket.destroy();
  }
}

function requestBytes({ host, pathname }: URL, body: string): Buffer {
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Undefined until all of it is there. An answer of 200 that has errors counts as status 500. */
function answerIn(text: string): { readonly status: number; readonly isLast: boolean } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd).toLowerCase();
  const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? Number.NaN);
  const body = text.slice(headEnd + 4);
  const isLast = head.includes('connection: close');
  // A refusal is sent in chunks or ends with its connection.
  if (Number.isNaN(length) ? !isLast && !body.endsWith('0\r\n\r\n') : body.length < length) return undefined;
  const status = Number(head.slice(9, 12));
  return { status: status === 200 && body.includes('"errors":') ? 500 : status, isLast };
}
