/**
 * The store in a Redis that several gateways share: each collection is a hash of values and a sorted set of its keys.
 */
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import { Probe } from './probe.ts';
import { type Change, type Range, type Store, StoreError } from './store.ts';
import { storedText } from './stored-text.ts';

/** The braces keep all keys in one slot of a Redis Cluster, so that they can be written together. */
const prefix = '{waybill}:';

/** Max number of values in one command: Redis runs one command at a time. */
const pageSize = 500;

const secretKey = `${prefix}secret`;

/**
 * Writes all changes or none. KEYS: for each collection its order and its values, then the secret. ARGV: the number of
 * expectations and the secret; then for each expectation and each change the number of its collection, a key, and a
 * text that is empty for an absent value. Writes the secret again if Redis was emptied, so that later gateways use the
 * same one.
 */
const writeScript = `
if redis.call('EXISTS', KEYS[#KEYS]) == 0 then redis.call('SET', KEYS[#KEYS], ARGV[2]) end
local changes = 3 + tonumber(ARGV[1]) * 3
for at = 3, changes - 1, 3 do
  local kept = redis.call('HGET', KEYS[ARGV[at] * 2], ARGV[at + 1]) or ''
  if kept ~= ARGV[at + 2] then return 0 end
end
for at = changes, #ARGV, 3 do
  local order, values = KEYS[ARGV[at] * 2 - 1], KEYS[ARGV[at] * 2]
  if ARGV[at + 2] == '' then
    redis.call('ZREM', order, ARGV[at + 1])
    redis.call('HDEL', values, ARGV[at + 1])
  else
    redis.call('ZADD', order, 0, ARGV[at + 1])
    redis.call('HSET', values, ARGV[at + 1], ARGV[at + 2])
  end
end
return 1`;

/**
 * Uses a connection of `connectRedis`, which the caller closes. Throws `StoreError` for a Redis that takes no writes.
 */
export async function openRedisStore(redis: Redis, clock: Clock): Promise<Store> {
  try {
    return new RedisStore(redis, await secretOf(redis), clock);
  } catch {
    throw new StoreError('WAYBILL_REDIS_URL: expected a Redis 7 that can be written to, received one that cannot.');
  }
}

/** Created once, by the first gateway. */
async function secretOf(redis: Redis): Promise<Uint8Array> {
  const made = randomBytes(32);
  const kept = await redis.set(secretKey, made.toString('base64'), 'NX', 'GET');
  return kept === null ? made : Buffer.from(kept, 'base64');
}

class RedisStore implements Store {
  readonly setting = 'WAYBILL_REDIS_URL';
  readonly secret: Uint8Array;
  readonly #redis: Redis;
  readonly #probe: Probe;

  constructor(redis: Redis, secret: Uint8Array, clock: Clock) {
    this.#redis = redis;
    this.secret = secret;
    this.#probe = new Probe(this, clock);
  }

  async read(collection: string, key: string): Promise<unknown> {
    const text = await this.#redis.hget(valuesOf(collection), key);
    return text === null ? undefined : JSON.parse(text);
  }

  async list(collection: string, range: Range): Promise<readonly (readonly [string, unknown])[]> {
    const { isReversed = false, limit = Number.POSITIVE_INFINITY } = range;
    const entries: (readonly [string, unknown])[] = [];
    let rest = range;
    for (;;) {
      const count = Math.min(pageSize, limit - entries.length);
      if (count <= 0) return entries;
      const keys = await this.#keys(collection, rest, count);
      entries.push(...(await this.#valuesOf(collection, keys)));
      const last = keys.at(-1);
      if (last === undefined || keys.length < count) return entries;
      rest = isReversed ? { ...rest, before: last } : { ...rest, after: last };
    }
  }

  count(collection: string): Promise<number> {
    return this.#redis.zcard(orderOf(collection));
  }

  /** Redis' settings decide on durability. */
  async write(changes: readonly Change[]): Promise<void> {
    await this.writeIf([], changes);
  }

  async writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    const all = [...expected, ...changes];
    const collections = [...new Set(all.map(({ collection }) => collection))];
    const keys = collections.flatMap((collection) => [orderOf(collection), valuesOf(collection)]);
    const args = all.flatMap(({ collection, key, value }) => [
      collections.indexOf(collection) + 1,
      key,
      value === undefined ? '' : storedText(value),
    ]);
    const secret = Buffer.from(this.secret).toString('base64');
    const keysAndArgs = [...keys, secretKey, expected.length, secret, ...args];
    return (await this.#redis.eval(writeScript, keys.length + 1, ...keysAndArgs)) === 1;
  }

  isReachable(): Promise<boolean> {
    return this.#probe.isAnswered();
  }

  async close(): Promise<void> {}

  #keys(collection: string, { after, before, isReversed }: Range, count: number): Promise<string[]> {
    const order = orderOf(collection);
    const from = after === undefined ? '-' : `(${after}`;
    const to = before === undefined ? '+' : `(${before}`;
    return isReversed
      ? this.#redis.zrevrangebylex(order, to, from, 'LIMIT', 0, count)
      : this.#redis.zrangebylex(order, from, to, 'LIMIT', 0, count);
  }

  /** Without values that were deleted since the keys were read. */
  async #valuesOf(collection: string, keys: readonly string[]): Promise<readonly (readonly [string, unknown])[]> {
    if (keys.length === 0) return [];
    const texts = await this.#redis.hmget(valuesOf(collection), ...keys);
    return keys.flatMap((key, at) => {
      const text = texts[at] ?? null;
      return text === null ? [] : [[key, JSON.parse(text)] as const];
    });
  }
}

function orderOf(collection: string): string {
  return `${prefix}${collection}:order`;
}

function valuesOf(collection: string): string {
  return `${prefix}${collection}:values`;
}
