/** The client processes of a run as one: sockets are dealt out to them in turn. */
import { join } from 'node:path';
import { AskedProcess } from './asked-process.ts';
import type { ClientAnswer, ClientCommand, Subscription } from './client-protocol.ts';

type ClientProcess = AskedProcess<ClientCommand, ClientAnswer>;

export interface ClientsStatus {
  readonly openSockets: number;
  readonly connected: number;
  readonly events: number;
  readonly completed: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly cpuMs: number;
}

/** `socket` counts over all processes. */
export type PlannedSubscription = Subscription;

export class Clients {
  readonly #processes: readonly ClientProcess[];

  constructor(processes: number) {
    const script = join(import.meta.dirname, 'client-process.js');
    this.#processes = Array.from({ length: processes }, () => new AskedProcess(script));
  }

  /** With `tokens`, which are dealt out as the sockets are, each socket is another caller's. */
  async connect(url: string, count: number, tokens: readonly string[] = []): Promise<ClientsStatus> {
    const total = this.#processes.length;
    const share = (index: number): number => Math.floor((count + total - 1 - index) / total);
    return this.#all((index) => ({
      do: 'connect',
      url: url.replace('http', 'ws'),
      count: share(index),
      tokens: tokens.filter((_, socket) => socket % total === index),
    }));
  }

  /** The ids of the jobs, so that events name them by their place in this list. */
  know(jobs: readonly string[]): Promise<ClientsStatus> {
    return this.#all(() => ({ do: 'know', jobs }));
  }

  subscribe(document: string, subscriptions: readonly PlannedSubscription[]): Promise<ClientsStatus> {
    return this.#all((index) => ({ do: 'subscribe', document, subscriptions: this.#shareOf(index, subscriptions) }));
  }

  unsubscribe(subscriptions: readonly PlannedSubscription[]): Promise<ClientsStatus> {
    return this.#all((index) => ({ do: 'unsubscribe', subscriptions: this.#shareOf(index, subscriptions) }));
  }

  /** The first `count` sockets stop reading. */
  pauseFirst(count: number): Promise<ClientsStatus> {
    const total = this.#processes.length;
    return this.#all((index) => ({ do: 'pause', from: 0, to: Math.floor((count + total - 1 - index) / total) }));
  }

  disconnect(): Promise<ClientsStatus> {
    return this.#all(() => ({ do: 'disconnect' }));
  }

  status(): Promise<ClientsStatus> {
    return this.#all(() => ({ do: 'status' }));
  }

  /** What was recorded since the last `take`, process after process. */
  async take(): Promise<readonly Float64Array[]> {
    const answers = await Promise.all(this.#processes.map((each) => each.ask({ do: 'take' })));
    return answers.map(({ taken }) => taken ?? new Float64Array());
  }

  stop(): void {
    for (const each of this.#processes) each.stop();
  }

  #shareOf(index: number, subscriptions: readonly PlannedSubscription[]): readonly Subscription[] {
    const total = this.#processes.length;
    return subscriptions
      .filter(({ socket }) => socket % total === index)
      .map((each) => ({ ...each, socket: Math.floor(each.socket / total) }));
  }

  async #all(commandOf: (index: number) => ClientCommand): Promise<ClientsStatus> {
    return sumOf(await Promise.all(this.#processes.map((each, index) => each.ask(commandOf(index)))));
  }
}

function sumOf(answers: readonly ClientAnswer[]): ClientsStatus {
  const sum = (of: (answer: ClientAnswer) => number): number => answers.reduce((total, each) => total + of(each), 0);
  const faults = new Map<string, number>();
  for (const [text, count] of answers.flatMap((each) => Object.entries(each.faults))) {
    faults.set(text, (faults.get(text) ?? 0) + count);
  }
  return {
    openSockets: sum((each) => each.openSockets),
    connected: sum((each) => each.connected),
    events: sum((each) => each.events),
    completed: sum((each) => each.completed),
    cpuMs: sum((each) => each.cpuMs),
    faults,
  };
}
