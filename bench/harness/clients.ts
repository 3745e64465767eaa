/** The client processes of a run as one; sockets are distributed round-robin. */
import { join } from 'node:path';
import type { ClientAnswer, ClientCommand, Subscription } from './client-protocol.ts';
import { WorkerProcess } from './worker-process.ts';

type ClientProcess = WorkerProcess<ClientCommand, ClientAnswer>;

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
    this.#processes = Array.from({ length: processes }, () => new WorkerProcess(script));
  }

  /** With `tokens`, which are distributed like the sockets, each socket has another caller. */
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

  /** Sets the ids of the jobs; events name a job by its index in this list. */
  setJobs(jobs: readonly string[]): Promise<ClientsStatus> {
    return this.#all(() => ({ do: 'setJobs', jobs }));
  }

  subscribe(document: string, subscriptions: readonly PlannedSubscription[]): Promise<ClientsStatus> {
    return this.#all((index) => ({ do: 'subscribe', document, subscriptions: this.#shareOf(index, subscriptions) }));
  }

  unsubscribe(subscriptions: readonly PlannedSubscription[]): Promise<ClientsStatus> {
    return this.#all((index) => ({ do: 'unsubscribe', subscriptions: this.#shareOf(index, subscriptions) }));
  }

  /** Stops reading from the first `count` sockets. */
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

  /** The events recorded since the last `take`, by process. */
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
