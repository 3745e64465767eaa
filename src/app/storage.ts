/** Opens the store, and loads the library of only that one: a Redis shared with other gateways, or a folder. */
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { levelRefusal, redisRefusal } from '../store/refusals.ts';
import { ReportedStore } from '../store/reported-store.ts';
import type { Store } from '../store/store.ts';

export interface Storage {
  readonly store: Store;
  /** Undefined for a single gateway. */
  readonly redis: Redis | undefined;
}

export interface StorageOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Logs a line if the Redis is a new one. */
  readonly notice?: (line: string) => void;
  /** In place of the configured store. */
  readonly store?: Store;
}

/** Rejects if the store cannot be opened. */
export async function openStorage({ store, ...options }: StorageOptions): Promise<Storage> {
  const { config, log } = options;
  const redis = config.redisUrl === undefined ? undefined : await redisAt(config.redisUrl, log);
  return { redis, store: store ?? (await openStore(options, redis)) };
}

async function redisAt(url: string, log: StorageOptions['log']): Promise<Redis> {
  const { connectRedis } = await import('../store/redis.ts');
  return connectRedis(url, log);
}

/** With a Redis the folder is not used. If its store cannot be opened the connection is closed. */
async function openStore(options: Omit<StorageOptions, 'store'>, redis: Redis | undefined): Promise<Store> {
  const { config, clock, log, notice = () => {} } = options;
  if (redis === undefined) {
    const { dataDir, backend } = config;
    const { openLevelStore } = await import('../store/level-store.ts');
    const store = await openLevelStore({ folder: dataDir, namespace: backend, clock });
    return new ReportedStore(store, { clock, log, reasonOf: (error) => levelRefusal(dataDir, error) });
  }
  try {
    const { openRedisStore } = await import('../store/redis-store.ts');
    const onBegun = (): void => notice(begun);
    const store = await openRedisStore(redis, clock, { replicas: config.redisReplicas, log, onBegun });
    return new ReportedStore(store, { clock, log, reasonOf: redisRefusal });
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

const begun =
  'WAYBILL_REDIS_URL: the Redis holds nothing of a gateway yet. If it did before, the idempotency keys, cursors and history ' +
  'of jobs are forgotten: look through `jobs` before you repeat a create.';
