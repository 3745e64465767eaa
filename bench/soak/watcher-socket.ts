/** One socket of a soak with its subscriptions. After a cut it reconnects and resumes each at its last cursor. */
import { WebSocket } from 'ws';
import type { Chain } from './chains.ts';
import type { Message } from './socket-message.ts';

export interface Watch {
  /** The jobs that it watches one after the other, as each finishes. */
  readonly jobs: readonly string[];
  index: number;
  cursor: string | undefined;
  chain: Chain;
}

export interface WatcherHooks {
  readonly onChain: (chain: Chain) => void;
  readonly onFault: (text: string) => void;
}

const document = `subscription ($ids: [ID!]!, $after: String) {
  jobStateChanged(ids: $ids, after: $after) { observedAt cursor ... on JobStateChange { previousState state job { id } } }
}`;
const reconnectMs = 1_000;

export class WatcherSocket {
  readonly #url: string;
  readonly #watches: readonly Watch[];
  readonly #hooks: WatcherHooks;
  readonly #operations = new Map<string, Watch>();
  #socket: WebSocket | undefined;
  #started = 0;
  #isEnding = false;

  constructor(url: string, jobs: readonly (readonly string[])[], hooks: WatcherHooks) {
    this.#url = url;
    this.#hooks = hooks;
    this.#watches = jobs.map((each) => ({ jobs: each, index: 0, cursor: undefined, chain: this.#newChain(each[0]) }));
  }

  connect(): void {
    const socket = new WebSocket(this.#url, 'graphql-transport-ws', { perMessageDeflate: false });
    this.#socket = socket;
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data: Buffer) => {
      if (socket === this.#socket) this.#take(JSON.parse(data.toString()));
    });
    socket.on('error', (error) => this.#hooks.onFault(`socket: ${error.message}`));
    socket.on('close', (code) => {
      if (socket === this.#socket) this.#reconnect(code);
    });
  }

  /** Closes or destroys the socket, and reconnects after `awayMs`. */
  cut(isGraceful: boolean, awayMs: number): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    this.#socket = undefined;
    this.#operations.clear();
    if (isGraceful) socket.close(1000);
    else socket.terminate();
    setTimeout(() => this.connect(), awayMs);
  }

  /** Completes one of its subscriptions and opens another for the same job, without a cursor. */
  change(): void {
    const chosen = Math.floor(Math.random() * this.#operations.size);
    const [id, watch] = [...this.#operations][chosen] ?? [];
    if (id === undefined || watch === undefined || watch.chain.events.length === 0) return;
    this.#send({ id, type: 'complete' });
    this.#operations.delete(id);
    watch.chain.isLeft = true;
    this.#begin(watch, watch.index);
  }

  /** Closed sockets are expected from now on. */
  expectEnd(): void {
    this.#isEnding = true;
  }

  #reconnect(code: number): void {
    if (this.#isEnding) return;
    this.#hooks.onFault(`socket closed with ${code}`);
    this.#operations.clear();
    setTimeout(() => this.connect(), reconnectMs);
  }

  #take({ type, id, payload }: Message): void {
    const watch = this.#operations.get(id ?? '');
    if (type === 'connection_ack') for (const each of this.#watches) this.#subscribe(each);
    else if (type === 'ping') this.#send({ type: 'pong' });
    else if (type === 'next') this.#next(watch, payload);
    else if (type === 'complete') this.#complete(id ?? '', watch);
    else if (type === 'error') this.#fail(id ?? '', watch, payload);
  }

  #next(watch: Watch | undefined, payload: Message['payload']): void {
    for (const error of payload?.errors ?? []) this.#hooks.onFault(`event: ${error.extensions?.code ?? 'no code'}`);
    const change = payload?.data?.jobStateChanged;
    if (watch === undefined || change == null) return;
    const { previousState: from, state: to, observedAt, cursor } = change;
    watch.cursor = cursor;
    // An outage, caused by the injected faults.
    if (from === undefined || to === undefined) return;
    watch.chain.events.push({ from, to, observedAt: Date.parse(observedAt) });
  }

  #complete(id: string, watch: Watch | undefined): void {
    if (watch === undefined) return;
    this.#operations.delete(id);
    watch.chain.isComplete = true;
    const state = watch.chain.events.at(-1)?.to;
    if (state !== 'COMPLETED') this.#hooks.onFault(`completed while the job was ${state}`);
    if (watch.index + 1 < watch.jobs.length) this.#begin(watch, watch.index + 1);
  }

  #fail(id: string, watch: Watch | undefined, payload: Message['payload']): void {
    const [error] = payload ?? [];
    this.#hooks.onFault(`subscription: ${error?.extensions?.code ?? 'no code'}`);
    if (watch === undefined || !this.#operations.delete(id)) return;
    const socket = this.#socket;
    setTimeout(() => {
      if (socket === this.#socket) this.#subscribe(watch);
    }, reconnectMs);
  }

  #begin(watch: Watch, index: number): void {
    watch.index = index;
    watch.cursor = undefined;
    watch.chain = this.#newChain(watch.jobs[index]);
    this.#subscribe(watch);
  }

  /** A subscription that completed with its last job is not renewed. */
  #subscribe(watch: Watch): void {
    if (watch.chain.isComplete) return;
    this.#started += 1;
    const id = String(this.#started);
    this.#operations.set(id, watch);
    const variables = { ids: [watch.chain.job], ...(watch.cursor !== undefined && { after: watch.cursor }) };
    this.#send({ id, type: 'subscribe', payload: { query: document, variables } });
  }

  #newChain(job = ''): Chain {
    const chain: Chain = { job, events: [], isLeft: false, isComplete: false };
    this.#hooks.onChain(chain);
    return chain;
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
