/** What it takes to watch jobs together with other gateways over one Redis. */
import type { Redis } from 'ioredis';
import type { Clock } from '../clock.ts';
import type { LogRetention } from './durable-transition-log.ts';
import type { PollAssignment } from './poll-assignment.ts';
import { openSharedTransitionLog, type SharedTransitionLog } from './shared-transition-log.ts';
import { Team } from './team.ts';

/** A Redis that has not answered by then is as good as none. */
const answerMs = 1_000;

/** Reads that wait come back by themselves sooner than this. */
const silenceMs = 5_000;

export interface Sharing {
  readonly log: SharedTransitionLog;
  readonly assignment: PollAssignment;
  /** Before the log is closed, and before the connection is: others take over at once. */
  readonly close: () => Promise<void>;
}

/** Opens the log and takes leases, on connections of its own to where `redis` leads. Rejects if that cannot be reached. */
export async function openSharing(redis: Redis, clock: Clock, retention?: LogRetention): Promise<Sharing> {
  const asking = redis.duplicate({ ...own, commandTimeout: answerMs, socketTimeout: answerMs });
  const blocking = redis.duplicate({ ...own, commandTimeout: undefined, socketTimeout: silenceMs });
  const listening = redis.duplicate({
    ...own,
    enableOfflineQueue: true,
    commandTimeout: answerMs,
    socketTimeout: undefined,
  });
  const connections = [asking, blocking, listening];
  // Whoever opened `redis` is told of the same.
  for (const each of connections) each.on('error', () => {});
  const disconnect = (): void => {
    for (const each of connections) each.disconnect();
  };
  try {
    await Promise.all(connections.map((each) => each.connect()));
    const log = await openSharedTransitionLog({ redis: asking, blocking, clock, ...(retention && { retention }) });
    const team = new Team({ redis: asking, listening, log, clock });
    await team.join();
    const close = async (): Promise<void> => {
      await team.close();
      log.close();
      disconnect();
    };
    return { log, assignment: team, close };
  } catch (error) {
    disconnect();
    throw error;
  }
}

/** A command that was sent on one connection is never sent on the next: the Redis there may be another. */
const own = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // What was under way when the connection was lost is given up at once; with null it would never settle.
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** (attempt - 1), 1_000),
};
