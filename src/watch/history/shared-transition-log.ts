/**
 * A transition log that several gateways share: written to Redis, and mirrored in the memory of each, which follows it in the
 * order of its offsets. Whatever is asked of it the mirror answers, and whoever follows is told by the mirror, whoever wrote.
 *
 * A Redis that comes back may have lost its last moments. Before anything is appended on a new connection the log is opened:
 * in another run of Redis a new epoch begins behind all that could have been given out. A mirror that stood where the epoch did not
 * begin has seen what was lost, or missed what was forgotten: it is made anew, and those who follow are told so. A Redis that
 * was emptied while it ran takes nothing more from any of them: whoever hears nothing for a while looks for the log, and takes up
 * the new one.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Clock } from '../../base/clock.ts';
import type { JobRef, JobService } from '../../model/job-state.ts';
import { type LogRetention, retained } from './durable-transition-log.ts';
import { MemoryTransitionLog } from './memory-transition-log.ts';
import { type LogEntry, RedisLog } from './redis-log.ts';
import type { OnUnreadable } from './stored-transition.ts';
import {
  type FencingTokens,
  type Head,
  type HistoryEntry,
  type HistoryPage,
  jobKey,
  type NewTransition,
  type Transition,
  type TransitionLog,
} from './transition-log.ts';

/** What has been written elsewhere is here by then, or Redis is taken to be away. */
const arrivalMs = 1_000;
const retryMs = 200;

export interface SharedLogOptions {
  /** For what is asked and answered. It must send no command twice, and none later than it was given. */
  readonly redis: Redis;
  /** For reads that wait. */
  readonly blocking: Redis;
  readonly clock: Clock;
  readonly retention?: LogRetention;
  readonly onUnreadable?: OnUnreadable;
}

/** Takes up the log that lies in Redis, or begins one. Rejects if Redis cannot be reached. */
export async function openSharedTransitionLog(options: SharedLogOptions): Promise<SharedTransitionLog> {
  const { redis, blocking, onUnreadable = () => {} } = options;
  const stored = new RedisLog(redis, blocking, onUnreadable);
  const retention = options.retention ?? retained;
  const mirror = await mirrorOf(stored, retention.inMemory);
  return new SharedTransitionLog({ ...options, onUnreadable, retention, stored, mirror });
}

interface Parts extends Required<SharedLogOptions> {
  readonly stored: RedisLog;
  readonly mirror: MemoryTransitionLog;
}

interface Waiter {
  readonly offset: number;
  readonly arrived: () => void;
}

export class SharedTransitionLog implements TransitionLog {
  readonly #parts: Parts;
  #mirror: MemoryTransitionLog;
  readonly #listeners: ((transition: Transition) => void)[] = [];
  readonly #lossListeners: (() => void)[] = [];
  readonly #waiters = new Set<Waiter>();
  /** Whether the log was opened on the connection that there is now. */
  #isOpen = true;
  /** Counts connections. */
  #connection = 0;
  #isClosed = false;
  /** Told of a token higher than the one that a job of the service was to be written with. */
  onFenced: (service: JobService, token: number) => void = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#mirror = parts.mirror;
    this.#mirror.follow((transition) => this.#tell(transition));
    parts.redis.on('close', this.#onClose).on('ready', this.#onReady);
    void this.#followAlways();
  }

  get id(): string {
    return this.#mirror.id;
  }

  get head(): number {
    return this.#mirror.head;
  }

  /** Whether something can be appended now. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isClosed;
  }

  last(ref: JobRef): Head | undefined {
    return this.#mirror.last(ref);
  }

  async append(
    expected: number,
    transition: NewTransition,
    fencingTokens: FencingTokens = {},
  ): Promise<Transition | undefined> {
    if (!this.isOpen) throw new Error('expected a Redis to write to, received none');
    const { service } = transition.job;
    const { stored, retention } = this.#parts;
    const request = { id: this.id, expected, transition, token: fencingTokens[service] ?? 0, retention };
    const appended = await stored.append(request);
    if (appended.outcome === 'lost') throw new Error('expected the log to be in Redis, received none or another');
    if (appended.outcome === 'fenced') {
      this.onFenced(service, appended.token);
      return undefined;
    }
    if (appended.outcome === 'appended') {
      await this.#arrived(appended.offset);
      return { ...transition, offset: appended.offset, sequence: expected + 1 };
    }
    await this.#arrived(appended.head.offset);
    const { sequence } = this.last(transition.job) ?? { sequence: 0 };
    if (sequence < appended.head.sequence) this.#mirror.learn(jobKey(transition.job), appended.head);
    return undefined;
  }

  since(offset: number, refs?: readonly JobRef[]): readonly Transition[] | undefined {
    return this.#mirror.since(offset, refs);
  }

  follow(listener: (transition: Transition) => void, onLost?: () => void): void {
    this.#listeners.push(listener);
    if (onLost !== undefined) this.#lossListeners.push(onLost);
  }

  arrival(offset: number): Promise<void> | undefined {
    return offset <= this.head ? undefined : this.#arrived(offset).catch(() => {});
  }

  /** As far as memory goes while Redis is away. */
  history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    return this.#parts.stored.history(ref, page).catch(() => this.#mirror.history(ref, page));
  }

  /** Ends the following. The connections are whose they were. */
  close(): void {
    this.#isClosed = true;
    this.#parts.redis.off('close', this.#onClose).off('ready', this.#onReady);
  }

  readonly #onClose = (): void => {
    this.#connection += 1;
    this.#isOpen = false;
  };

  readonly #onReady = (): void => void this.#reopen(this.#connection);

  /** Nothing is appended until this has been done, and until the mirror has seen whatever came of it. */
  async #reopen(connection: number): Promise<void> {
    if (this.#isClosed || connection !== this.#connection) return;
    try {
      const { id, head } = await this.#parts.stored.open(this.head);
      // To another log nothing is appended before it is taken up.
      if (id === this.id) await this.#arrived(head);
      if (connection === this.#connection) this.#isOpen = true;
    } catch {
      this.#parts.clock.schedule(() => void this.#reopen(connection), retryMs);
    }
  }

  #arrived(offset: number): Promise<void> {
    if (offset <= this.head) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const cancel = this.#parts.clock.schedule(() => {
        this.#waiters.delete(waiter);
        reject(new Error('expected what was written to come in, received nothing'));
      }, arrivalMs);
      const arrived = (): void => {
        cancel();
        resolve();
      };
      const waiter = { offset, arrived };
      this.#waiters.add(waiter);
    });
  }

  async #followAlways(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#follow();
      } catch {
        await new Promise<void>((resolve) => this.#parts.clock.schedule(resolve, retryMs));
      }
    }
  }

  async #follow(): Promise<void> {
    const entries = await this.#parts.stored.following(this.head);
    if (entries.length === 0) await this.#lookForLog();
    for (const entry of entries) {
      if (this.#isClosed) return;
      if (entry.previous !== this.head) return this.#beginAnew();
      admit(this.#mirror, entry);
      this.#release();
      // What waited for this very entry goes on before anything is told of the next.
      await turn();
    }
  }

  async #lookForLog(): Promise<void> {
    const { id } = await this.#parts.stored.open(this.head);
    if (id !== this.id) await this.#beginAnew();
  }

  async #beginAnew(): Promise<void> {
    const mirror = await mirrorOf(this.#parts.stored, this.#parts.retention.inMemory);
    mirror.follow((transition) => this.#tell(transition));
    this.#mirror = mirror;
    for (const listener of this.#lossListeners) listener();
    this.#release();
  }

  #tell(transition: Transition): void {
    for (const listener of this.#listeners) listener(transition);
  }

  #release(): void {
    for (const waiter of [...this.#waiters]) {
      if (waiter.offset > this.head) continue;
      this.#waiters.delete(waiter);
      waiter.arrived();
    }
  }
}

/** The newest part of the log as it is now. */
async function mirrorOf(stored: RedisLog, limit: number): Promise<MemoryTransitionLog> {
  const { id, head } = await stored.open(0);
  const newest = await stored.newest(limit);
  const heads = await stored.heads();
  const mirror = new MemoryTransitionLog(
    id,
    { transitions: limit },
    {
      head: newest.at(-1)?.offset ?? head,
      floor: newest[0]?.previous ?? head,
      entries: newest.flatMap(({ transition }) => transition ?? []),
      heads,
      places: newest.filter(({ transition }) => transition === undefined).map(({ offset }) => offset),
    },
  );
  // Heads were read later than entries: nothing may be known of a job that is still to be told.
  for (const entry of await stored.after(mirror.head)) admit(mirror, entry);
  return mirror;
}

function admit(mirror: MemoryTransitionLog, { offset, transition }: LogEntry): void {
  if (transition === undefined) mirror.beginEpoch(offset);
  else mirror.admit(transition);
}
