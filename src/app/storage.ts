/** Where the gateway keeps what survives a restart: a Redis that it shares with others, or a folder of its own. */
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { openLevelStore } from '../store/level-store.ts';
import { connectRedis } from '../store/redis.ts';
import { openRedisStore } from '../store/redis-store.ts';
import type { Store } from '../store/store.ts';

export interface Storage {
  readonly store: Store;
  /** Undefined where the gateway is alone. */
  readonly redis: Redis | undefined;
}

export interface StorageOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** In place of that of the settings. */
  readonly store?: Store;
}

/** Rejects if the store cannot be had. */
export async function openStorage({ config, clock, log, store }: StorageOptions): Promise<Storage> {
  const redis = config.redisUrl === undefined ? undefined : await connectRedis(config.redisUrl, log);
  return { redis, store: store ?? (await openStore(config, redis, clock)) };
}

/** Where there is a Redis the folder is not touched. The connection ends with a store that cannot be opened. */
async function openStore({ dataDir, backend }: Config, redis: Redis | undefined, clock: Clock): Promise<Store> {
  if (redis === undefined) return openLevelStore({ folder: dataDir, namespace: backend, clock });
  try {
    return await openRedisStore(redis, clock);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
