/** The sockets of one client process: a minimal client of `graphql-transport-ws` over `ws`. */
import { WebSocket } from 'ws';
import { type ClientStatus, type StateName, type Subscription, stateNames } from './client-protocol.ts';
import { Recording } from './recording.ts';
import { sleep } from './waiting.ts';

/** Simultaneous handshakes, fewer than the 511 connections in the backlog of a Node server. */
const connectsAtOnce = 100;
const connectWaitMs = 60_000;
const retryMs = 1_000;

interface Change {
  readonly previousState: StateName | null;
  readonly state: StateName;
  readonly observedAt: string;
  readonly job: { readonly id: string };
}

/** Of other events, such as outages, the document selects only the time. */
type Event = Change | { readonly observedAt: string };

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: { readonly data?: { readonly jobStateChanged: Event } | null; readonly errors?: unknown };
}

export class ClientSockets {
  readonly recording = new Recording();
  readonly #faults = new Map<string, number>();
  #sockets: WebSocket[] = [];
  #jobs: ReadonlyMap<string, number> = new Map();
  #connected = 0;
  #completed = 0;
  /** Set while this side closes the sockets, which is then no fault. */
  #isDisconnecting = false;

  setJobs(jobs: readonly string[]): void {
    this.#jobs = new Map(jobs.map((id, index) => [id, index]));
  }

  /** A socket that cannot be opened counts as a fault; the others are opened nevertheless. */
  async connect(url: string, count: number, tokens: readonly string[] = []): Promise<void> {
    this.#isDisconnecting = false;
    let left = count;
    const connectNext = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await this.#open(url, tokens);
      }
    };
    await Promise.all(Array.from({ length: Math.min(connectsAtOnce, count) }, connectNext));
  }

  async subscribe(document: string, subscriptions: readonly Subscription[]): Promise<void> {
    for (const [position, { index, socket, ids }] of subscriptions.entries()) {
      const payload = { query: document, variables: { ids } };
      this.#sockets[socket]?.send(JSON.stringify({ id: String(index), type: 'subscribe', payload }));
      if (position % 100 === 99) await new Promise(setImmediate);
    }
  }

  unsubscribe(subscriptions: readonly Subscription[]): void {
    for (const { index, socket } of subscriptions) {
      this.#sockets[socket]?.send(JSON.stringify({ id: String(index), type: 'complete' }));
    }
  }

  pause(from: number, to: number): void {
    for (const socket of this.#sockets.slice(from, to)) socket.pause();
  }

  async disconnect(): Promise<void> {
    this.#isDisconnecting = true;
    const sockets = this.#sockets;
    this.#sockets = [];
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const [index, socket] of sockets.entries()) {
      if (socket.isPaused || index % 2 === 1) socket.terminate();
      else socket.close(1000);
    }
    const stillOpen = sockets.filter((socket) => socket.readyState !== WebSocket.CLOSED).length;
    if (stillOpen > 0) await Promise.all(closed.filter((_, index) => sockets[index]?.readyState !== WebSocket.CLOSED));
  }

  status(): ClientStatus {
    const { user, system } = process.cpuUsage();
    return {
      openSockets: this.#sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length,
      connected: this.#connected,
      events: this.recording.count,
      completed: this.#completed,
      faults: Object.fromEntries(this.#faults),
      cpuMs: (user + system) / 1_000,
    };
  }

  /** Retries after a 503, as the clients of this protocol do. */
  async #open(url: string, tokens: readonly string[]): Promise<void> {
    const index = this.#sockets.length;
    while ((await this.#opened(url, index, tokens[index])) === 'refused') await sleep(retryMs);
  }

  #opened(url: string, index: number, token: string | undefined): Promise<'opened' | 'refused'> {
    const payload = token === undefined ? {} : { payload: { authorization: `Bearer ${token}` } };
    const init = JSON.stringify({ type: 'connection_init', ...payload });
    const socket = new WebSocket(url, 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: connectWaitMs,
    });
    this.#sockets[index] = socket;
    let isRefused = false;
    return new Promise((resolve) => {
      socket.on('open', () => socket.send(init));
      socket.on('message', (data: Buffer) => this.#take(data, Date.now(), () => resolve('opened')));
      socket.on('error', (error) => {
        isRefused = error.message === 'Unexpected server response: 503';
        if (!isRefused) this.#fault(`socket: ${error.message}`);
      });
      socket.on('close', (code) => {
        if (!this.#isDisconnecting && !isRefused) this.#fault(`socket closed with ${code}`);
        resolve(isRefused ? 'refused' : 'opened');
      });
    });
  }

  #take(data: Buffer, receivedAt: number, onAck: () => void): void {
    const { id, type, payload }: Message = JSON.parse(data.toString('latin1'));
    const change = payload?.data?.jobStateChanged;
    if (type === 'next' && change != null && 'job' in change) {
      const from = change.previousState === null ? -1 : stateNames.indexOf(change.previousState);
      const job = this.#jobs.get(change.job.id) ?? -1;
      const observedAt = Date.parse(change.observedAt);
      this.recording.add(Number(id), job, from, stateNames.indexOf(change.state), observedAt, receivedAt);
    } else if (type === 'complete') this.#completed += 1;
    else if (type === 'connection_ack') {
      this.#connected += 1;
      onAck();
    } else this.#fault(`${type}: ${JSON.stringify(payload)}`);
  }

  #fault(text: string): void {
    this.#faults.set(text, (this.#faults.get(text) ?? 0) + 1);
  }
}
