/** Opens everything that watching needs in a cluster: the connections, the shared log and the leases. */
import type { Redis } from 'ioredis';
import type { Clock } from '../../base/clock.ts';
import { commandTimeoutMs } from '../../store/redis.ts';
import {
  openSharedTransitionLog,
  type SharedLogOptions,
  type SharedTransitionLog,
} from '../history/shared-transition-log.ts';
import type { TransitionLog } from '../history/transition-log.ts';
import { Cluster } from './cluster.ts';
import type { PollAssignment } from './poll-assignment.ts';

/** Longer than any blocking read. */
const blockingTimeoutMs = 5_000;

/** The watcher's log and assignment. */
export interface Watching {
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
  /** Gives the leases back, so that other gateways take over at once. */
  readonly leave: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface SharedWatching extends Watching {
  readonly log: SharedTransitionLog;
}

/**
 * Opens the log and takes leases, on connections of its own to the server of `redis`. Rejects if it cannot be reached.
 */
export async function openSharedWatching(
  redis: Redis,
  clock: Clock,
  options: Pick<SharedLogOptions, 'onReplaced' | 'onUnreadable' | 'retention'> = {},
): Promise<SharedWatching> {
  const commands = redis.duplicate(connectionOptions);
  const blocking = redis.duplicate({
    ...connectionOptions,
    commandTimeout: undefined,
    socketTimeout: blockingTimeoutMs,
  });
  // ioredis' own resubscription would leave a rejection unhandled, which ends the process.
  const pubSub = redis.duplicate({ ...connectionOptions, socketTimeout: undefined, autoResubscribe: false });
  const connections = [commands, blocking, pubSub];
  // The owner of `redis` receives the same errors.
  for (const each of connections) each.on('error', () => {});
  const disconnect = (): void => {
    for (const each of connections) each.disconnect();
  };
  try {
    await Promise.all(connections.map((each) => each.connect()));
    const log = await openSharedTransitionLog({ redis: commands, blocking, clock, ...options });
    const cluster = new Cluster({ redis: commands, pubSub, log, clock });
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
 * A command of one connection is never sent again on the next, which may lead to another Redis. What was under way
 * fails when its connection is lost.
 */
const connectionOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: commandTimeoutMs,
  socketTimeout: commandTimeoutMs,
  keepAlive: 10_000,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** (attempt - 1), 1_000),
};
