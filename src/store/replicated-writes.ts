/**
 * Makes the writes that a failover must not lose. Redis answers a write before its replicas have it: so each of these is
 * over only once replicas have confirmed it (WAIT). Waiting blocks a connection, so these writes have one of their own;
 * those that come during a wait share the next one.
 */
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';

/** The interval of looking for replicas that have come since. */
const lookMs = 10_000;

/** Together with the wait before it, shorter than the time of one command. */
export const confirmMs = 400;

/** The arguments of EVAL. */
export type Script = readonly [script: string, keyCount: number, ...keysAndArgs: (string | number)[]];

export interface ReplicatedReply {
  readonly value: unknown;
  /** The number of replicas that had to confirm the write, and of those that have; both are 0 where none has to. */
  readonly needed: number;
  readonly confirmed: number;
}

export interface ReplicatedWritesOptions {
  /** For these writes only. */
  readonly redis: Redis;
  readonly clock: Clock;
  /** The number of replicas that have to confirm each write; undefined for one if Redis has any. */
  readonly required: number | undefined;
  /** Called when Redis had replicas before the connection was lost, and has none now. */
  readonly onReplicasGone: () => void;
}

interface Waiting {
  readonly script: Script;
  readonly resolve: (reply: ReplicatedReply) => void;
  readonly reject: (error: unknown) => void;
}

export class ReplicatedWrites {
  readonly #options: ReplicatedWritesOptions;
  #waiting: Waiting[] = [];
  #isWriting = false;
  /** Number of connections so far: WAIT on another one says nothing of a write. */
  #connection = 0;
  /** Whether Redis has had a replica on this connection. One that is lost later may be promoted, so it stays required. */
  #isReplicated = false;
  #wasReplicated = false;

  #cancelLook = (): void => {};
  #isOver = false;

  private constructor(options: ReplicatedWritesOptions) {
    this.#options = options;
    options.redis.on('close', () => this.#onClose());
    options.redis.on('ready', () => void this.#look());
    options.redis.on('end', () => {
      this.#isOver = true;
      this.#cancelLook();
    });
  }

  /** `redis` is connected. Resolves once its replicas are known. */
  static async over(options: ReplicatedWritesOptions): Promise<ReplicatedWrites> {
    const writes = new ReplicatedWrites(options);
    await writes.#look();
    writes.#lookRegularly();
    return writes;
  }

  /** Rejects if the script fails; then it may have run. Resolves as well if too few replicas have confirmed it. */
  run(script: Script): Promise<ReplicatedReply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ script, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  #onClose(): void {
    this.#connection += 1;
    this.#wasReplicated ||= this.#isReplicated;
    this.#isReplicated = false;
  }

  async #look(): Promise<void> {
    const info = await this.#options.redis.info('replication').catch(() => undefined);
    if (info === undefined) return;
    this.#noteReplicas(replicasIn(info));
    if (this.#wasReplicated && !this.#isReplicated && this.#options.required === undefined) {
      this.#options.onReplicasGone();
    }
    this.#wasReplicated = false;
  }

  /** A replica that no write has met is promoted like any other, and this connection may then still be to its primary. */
  #lookRegularly(): void {
    if (this.#isOver) return;
    this.#cancelLook = this.#options.clock.schedule(() => {
      void this.#look().then(() => this.#lookRegularly());
    }, lookMs);
  }

  #noteReplicas(count: number): void {
    this.#isReplicated ||= count > 0;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      try {
        await this.#writeTogether(together);
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#isWriting = false;
  }

  async #writeTogether(together: readonly Waiting[]): Promise<void> {
    const connection = this.#connection;
    const pipeline = this.#options.redis.pipeline();
    for (const { script } of together) pipeline.eval(...script);
    const replies = (await pipeline.info('replication').exec()) ?? [];
    this.#noteReplicas(replicasIn(replies.at(-1)?.[1]));
    const needed = this.#options.required ?? (this.#isReplicated ? 1 : 0);
    const confirmed = needed === 0 ? 0 : await this.#confirmations(needed, connection);
    for (const [index, { resolve, reject }] of together.entries()) {
      const [error, value] = replies[index] ?? [new Error('expected a reply of Redis, received none')];
      if (error) reject(error);
      else resolve({ value, needed, confirmed });
    }
  }

  /** WAIT counts the replicas that have everything which this connection has written. */
  async #confirmations(needed: number, connection: number): Promise<number> {
    const confirmed = await this.#options.redis.wait(needed, confirmMs).catch(() => 0);
    return connection === this.#connection ? confirmed : 0;
  }
}

/** Those that have copied everything: a new one may take minutes for that. 0 as well where the user may not ask. */
function replicasIn(info: unknown): number {
  return String(info).match(/^slave\d+:.*\bstate=online\b/gm)?.length ?? 0;
}
