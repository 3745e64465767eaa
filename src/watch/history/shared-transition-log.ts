/**
 * A transition log that several gateways share: written to Redis and mirrored in the memory of each gateway, which
 * follows it in the order of offsets. All reads are answered by the mirror, and listeners are called by the mirror,
 * whichever gateway wrote.
 *
 * A Redis that comes back may have lost its last writes. Before the first append on a new connection the log is opened:
 * in another run of Redis a new epoch begins beyond all offsets that may have been issued. A mirror with another head
 * than the one before the epoch holds lost entries or has missed some: it is rebuilt, and the loss listeners are
 * called. If a running Redis is emptied, it refuses all further appends to the old log; a gateway that receives no
 * entries for a while checks the log, and follows the new one.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
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

/** Max time for a written entry to arrive in the mirror; then Redis counts as unavailable. */
const catchUpMs = 1_000;
const retryMs = 200;

export interface SharedLogOptions {
  /** For commands. It must never send a command twice, or after the connection was lost. */
  readonly redis: Redis;
  /** For blocking reads. */
  readonly blocking: Redis;
  readonly clock: Clock;
  readonly retention?: LogRetention;
  readonly onUnreadable?: OnUnreadable;
  /** Called when the log is gone and another has begun: Redis was emptied or replaced. */
  readonly onReplaced?: () => void;
}

/** Opens the log in Redis, or begins one. Rejects if Redis cannot be reached. */
export async function openSharedTransitionLog(options: SharedLogOptions): Promise<SharedTransitionLog> {
  const { redis, blocking, onUnreadable = () => {}, onReplaced = () => {} } = options;
  const stored = new RedisLog(redis, blocking, onUnreadable);
  const retention = options.retention ?? retained;
  const mirror = await mirrorOf(stored, retention.inMemory);
  return new SharedTransitionLog({ ...options, onUnreadable, onReplaced, retention, stored, mirror });
}

interface Parts extends Required<SharedLogOptions> {
  readonly stored: RedisLog;
  readonly mirror: MemoryTransitionLog;
}

interface Waiter {
  readonly offset: number;
  readonly resolve: () => void;
}

export class SharedTransitionLog implements TransitionLog {
  readonly #parts: Parts;
  #mirror: MemoryTransitionLog;
  readonly #listeners: ((transition: Transition) => void)[] = [];
  readonly #lossListeners: (() => void)[] = [];
  readonly #waiters = new Set<Waiter>();
  /** Whether the log was opened on the present connection. */
  #isOpen = true;
  /** Number of connections so far. */
  #connection = 0;
  #isClosed = false;
  /** Called when the service has a higher token than the one an append used. */
  onFenced: (service: JobService, token: number) => void = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#mirror = parts.mirror;
    this.#mirror.follow((transition) => this.#emit(transition));
    parts.redis.on('close', this.#onClose).on('ready', this.#onReady);
    void this.#followAlways();
  }

  get id(): string {
    return this.#mirror.id;
  }

  get head(): number {
    return this.#mirror.head;
  }

  /** Whether an append is possible now. */
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
      await this.#caughtUp(appended.offset);
      return { offset: appended.offset, sequence: expected + 1, ...transition };
    }
    await this.#caughtUp(appended.head.offset);
    const { sequence } = this.last(transition.job) ?? { sequence: 0 };
    if (sequence < appended.head.sequence) this.#mirror.setHead(jobKey(transition.job), appended.head);
    return undefined;
  }

  since(offset: number, refs?: readonly JobRef[]): readonly Transition[] | undefined {
    return this.#mirror.since(offset, refs);
  }

  follow(listener: (transition: Transition) => void, onLost?: () => void): void {
    this.#listeners.push(listener);
    if (onLost !== undefined) this.#lossListeners.push(onLost);
  }

  caughtUp(offset: number): Promise<void> | undefined {
    return offset <= this.head ? undefined : this.#caughtUp(offset).catch(() => {});
  }

  /** From memory while Redis is unavailable. */
  history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    return this.#parts.stored.history(ref, page).catch(() => this.#mirror.history(ref, page));
  }

  /** Stops following. Leaves the connections open. */
  close(): void {
    this.#isClosed = true;
    this.#parts.redis.off('close', this.#onClose).off('ready', this.#onReady);
  }

  readonly #onClose = (): void => {
    this.#connection += 1;
    this.#isOpen = false;
  };

  readonly #onReady = (): void => void this.#reopen(this.#connection);

  /** Appends wait for this, and until the mirror has received everything written before. */
  async #reopen(connection: number): Promise<void> {
    if (this.#isClosed || connection !== this.#connection) return;
    try {
      const { id, head } = await this.#parts.stored.open(this.head);
      // A new log is followed before anything is appended to it.
      if (id === this.id) await this.#caughtUp(head);
      if (connection === this.#connection) this.#isOpen = true;
    } catch {
      this.#parts.clock.schedule(() => void this.#reopen(connection), retryMs);
    }
  }

  #caughtUp(offset: number): Promise<void> {
    if (offset <= this.head) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const cancel = this.#parts.clock.schedule(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`expected the entry at offset ${offset} within ${catchUpMs} ms, received none`));
      }, catchUpMs);
      const onCaughtUp = (): void => {
        cancel();
        resolve();
      };
      const waiter = { offset, resolve: onCaughtUp };
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
    if (entries.length === 0) await this.#checkLog();
    for (const entry of entries) {
      if (this.#isClosed) return;
      if (entry.previous !== this.head) return this.#rebuildMirror();
      admit(this.#mirror, entry);
      this.#resolveWaiters();
      // Appends that wait for this entry continue before the next one is emitted.
      await yieldToEventLoop();
    }
  }

  async #checkLog(): Promise<void> {
    const { id } = await this.#parts.stored.open(this.head);
    if (id !== this.id) await this.#rebuildMirror();
  }

  async #rebuildMirror(): Promise<void> {
    const mirror = await mirrorOf(this.#parts.stored, this.#parts.retention.inMemory);
    mirror.follow((transition) => this.#emit(transition));
    if (mirror.id !== this.id) this.#parts.onReplaced();
    this.#mirror = mirror;
    for (const listener of this.#lossListeners) listener();
    this.#resolveWaiters();
  }

  #emit(transition: Transition): void {
    for (const listener of this.#listeners) listener(transition);
  }

  #resolveWaiters(): void {
    for (const waiter of [...this.#waiters]) {
      if (waiter.offset > this.head) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

/** Reads the newest part of the log. */
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
      entrylessOffsets: newest.filter(({ transition }) => transition === undefined).map(({ offset }) => offset),
    },
  );
  // Heads were read later than entries: the mirror must not know more of a job than its entries show.
  for (const entry of await stored.after(mirror.head)) admit(mirror, entry);
  return mirror;
}

function admit(mirror: MemoryTransitionLog, { offset, transition }: LogEntry): void {
  if (transition === undefined) mirror.beginEpoch(offset);
  else mirror.insert(transition);
}
