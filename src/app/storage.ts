/** Opens the store, and loads the library of only that one: a Redis shared with other gateways, or a folder. */
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
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
  /** In place of the configured store. */
  readonly store?: Store;
}

/** Rejects if the store cannot be opened. */
export async function openStorage({ config, clock, log, store }: StorageOptions): Promise<Storage> {
  const redis = config.redisUrl === undefined ? undefined : await redisAt(config.redisUrl, log);
  return { redis, store: store ?? (await openStore(config, redis, clock)) };
}

async function redisAt(url: string, log: StorageOptions['log']): Promise<Redis> {
  const { connectRedis } = await import('../store/redis.ts');
  return connectRedis(url, log);
}

/** With a Redis the folder is not used. If its store cannot be opened the connection is closed. */
async function openStore({ dataDir, backend }: Config, redis: Redis | undefined, clock: Clock): Promise<Store> {
  if (redis === undefined) {
    const { openLevelStore } = await import('../store/level-store.ts');
    return openLevelStore({ folder: dataDir, namespace: backend, clock });
  }
  try {
    const { openRedisStore } = await import('../store/redis-store.ts');
    return await openRedisStore(redis, clock);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
