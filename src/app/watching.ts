/** Creates the watcher with its log, its sources of states, its budgets and its cluster. */
import type { Backends } from '../backends/backend.ts';
import { createStateSources } from '../backends/state-sources.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { keyFrom } from '../store/key.ts';
import type { GaugeReaders } from '../telemetry/metrics.ts';
import { CallBudget } from '../watch/budget.ts';
import { pollsEverything } from '../watch/cluster/poll-assignment.ts';
import type { Watching as Shares } from '../watch/cluster/sharing.ts';
import { openTransitionLog, retained } from '../watch/history/durable-transition-log.ts';
import type { OnUnreadable } from '../watch/history/stored-transition.ts';
import type { Transition } from '../watch/history/transition-log.ts';
import { Watcher } from '../watch/watcher.ts';
import type { Storage } from './storage.ts';

export interface Watching extends Pick<Shares, 'leave' | 'close'> {
  readonly watcher: Watcher;
  /** For the metrics. */
  readonly gauges: GaugeReaders;
}

export interface WatchingOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly storage: Storage;
  readonly backends: Backends;
  readonly shares: Shares;
  /** Called for each change before its subscribers receive it. */
  readonly onTransition: (transition: Transition) => void;
}

export function startWatching(options: WatchingOptions): Watching {
  const { config, clock, storage, backends, onTransition } = options;
  const { log, assignment, leave, close } = options.shares;
  log.follow(onTransition);
  const budgets = {
    DATA_EXCHANGE: new CallBudget(clock, config.pollsPerSecond.dataExchange),
    IMPORT_EXPORT: new CallBudget(clock, config.pollsPerSecond.importExport),
  };
  const watcher = new Watcher({
    sources: createStateSources(backends, budgets),
    clock,
    cadence: config.poll,
    log,
    assignment,
    cursorKey: keyFrom(storage.store.secret, 'cursors'),
  });
  return { watcher, gauges: gaugesOf(watcher, budgets), leave, close };
}

export interface SharesListeners {
  /** Called for each entry of the log that another version of the gateway wrote and this one cannot read. */
  readonly onUnreadable: OnUnreadable;
  /** Called when the Redis was emptied or replaced. */
  readonly onReplaced: () => void;
}

/** Opens the transition log and the cluster; with a Redis, shared with the other gateways. */
export async function openShares({ store, redis }: Storage, clock: Clock, listeners: SharesListeners): Promise<Shares> {
  if (redis !== undefined) {
    // It loads ioredis, which a single gateway does not need.
    const { openSharedWatching } = await import('../watch/cluster/sharing.ts');
    return openSharedWatching(redis, clock, listeners);
  }
  const log = await openTransitionLog(store, clock, retained, listeners.onUnreadable);
  return { log, assignment: pollsEverything, leave: async () => {}, close: () => log.close() };
}

type Budgets = Readonly<Record<'DATA_EXCHANGE' | 'IMPORT_EXPORT', CallBudget>>;

function gaugesOf(watcher: Watcher, budgets: Budgets): GaugeReaders {
  return {
    watchedJobs: () => watcher.watchedJobs,
    subscribers: () => watcher.subscribers,
    unreadEvents: () => watcher.unreadEvents,
    pollsPerSecond: () => ({
      DATA_EXCHANGE: budgets.DATA_EXCHANGE.callsPerSecond,
      IMPORT_EXPORT: budgets.IMPORT_EXPORT.callsPerSecond,
    }),
  };
}
