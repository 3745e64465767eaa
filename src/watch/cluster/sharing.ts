/** What it takes to watch jobs together with other gateways over one Redis. */
import type { Redis } from 'ioredis';
import type { Clock } from '../../base/clock.ts';
import { answerMs } from '../../store/redis.ts';
import {
  openSharedTransitionLog,
  type SharedLogOptions,
  type SharedTransitionLog,
} from '../history/shared-transition-log.ts';
import type { TransitionLog } from '../history/transition-log.ts';
import { Cluster } from './cluster.ts';
import type { PollAssignment } from './poll-assignment.ts';

/** Reads that wait come back by themselves sooner than this. */
const silenceMs = 5_000;

/** What the watcher is given beside its sources. */
export interface Watching {
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
  /** Others take over at once what was read here. */
  readonly leave: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface SharedWatching extends Watching {
  readonly log: SharedTransitionLog;
}

/** Opens the log and takes leases, on connections of its own to where `redis` leads. Rejects if that cannot be reached. */
export async function openSharedWatching(
  redis: Redis,
  clock: Clock,
  options: Pick<SharedLogOptions, 'onUnreadable' | 'retention'> = {},
): Promise<SharedWatching> {
  const asking = redis.duplicate(own);
  const blocking = redis.duplicate({ ...own, commandTimeout: undefined, socketTimeout: silenceMs });
  // The library's own way to subscribe again would leave a failure to nobody, and that would end the process.
  const listening = redis.duplicate({ ...own, socketTimeout: undefined, autoResubscribe: false });
  const connections = [asking, blocking, listening];
  // Whoever opened `redis` is told of the same.
  for (const each of connections) each.on('error', () => {});
  const disconnect = (): void => {
    for (const each of connections) each.disconnect();
  };
  try {
    await Promise.all(connections.map((each) => each.connect()));
    const log = await openSharedTransitionLog({ redis: asking, blocking, clock, ...options });
    const cluster = new Cluster({ redis: asking, listening, log, clock });
    await cluster.join();
    const close = async (): Promise<void> => {
      await cluster.leave();
      log.close();
      disconnect();
    };
    return { log, assignment: cluster, leave: () => cluster.leave(), close };
  } catch (error) {
    disconnect();
    throw error;
  }
}

/**
 * A command that was sent on one connection is never sent on the next: the Redis there may be another. What was under way is
 * given up when its connection is lost.
 */
const own = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: answerMs,
  socketTimeout: answerMs,
  keepAlive: 10_000,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** (attempt - 1), 1_000),
};
