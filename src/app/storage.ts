/** Opens the store: a Redis shared with other gateways, or a folder. */
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { openLevelStore } from '../store/level-store.ts';
import { connectRedis } from '../store/redis.ts';
import { openRedisStore } from '../store/redis-store.ts';
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
  const redis = config.redisUrl === undefined ? undefined : await connectRedis(config.redisUrl, log);
  return { redis, store: store ?? (await openStore(config, redis, clock)) };
}

/** With a Redis the folder is not used. If its store cannot be opened the connection is closed. */
async function openStore({ dataDir, backend }: Config, redis: Redis | undefined, clock: Clock): Promise<Store> {
  if (redis === undefined) return openLevelStore({ folder: dataDir, namespace: backend, clock });
  try {
    return await openRedisStore(redis, clock);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
