/**
 * The store in a Redis that several gateways share: each collection is a hash of values and a sorted set of its keys.
 */
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import { Probe } from './probe.ts';
import { confirmMs, ReplicatedWrites, type Script } from './replicated-writes.ts';
import { type Change, type Range, ReplacedStoreError, type Store, StoreError, UnconfirmedWriteError } from './store.ts';
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
 * same one. Returns 1 if it has written, 0 if an expectation fails, -1 if Redis has another secret: a gateway with that
 * one finds the same key in another record, so that two creates could be sent for it.
 */
const writeScript = `
local secret = redis.call('GET', KEYS[#KEYS])
if not secret then redis.call('SET', KEYS[#KEYS], ARGV[2]) elseif secret ~= ARGV[2] then return -1 end
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

export interface RedisStoreOptions {
  /** The number of replicas that have to confirm each durable write; absent for one if Redis has any. */
  readonly replicas?: number | undefined;
  readonly log?: (line: string) => void;
  /** Called if the Redis held nothing of a gateway. */
  readonly onBegun?: () => void;
}

/**
 * Uses a connection of `connectRedis`, which the caller closes, and a second one that ends with it. Throws `StoreError`
 * for a Redis that takes no writes.
 */
export async function openRedisStore(redis: Redis, clock: Clock, options: RedisStoreOptions = {}): Promise<Store> {
  const { replicas, log = () => {}, onBegun = () => {} } = options;
  const durable = redis.duplicate({ lazyConnect: true });
  // The owner of `redis` receives the same errors.
  durable.on('error', () => {});
  redis.once('end', () => durable.disconnect());
  try {
    await durable.connect();
    const onReplicasGone = (): void => log(replicasGone);
    const writes = await ReplicatedWrites.over({ redis: durable, clock, required: replicas, onReplicasGone });
    return new RedisStore({ redis, writes, secret: await secretOf(redis, onBegun), clock });
  } catch {
    durable.disconnect();
    throw new StoreError('WAYBILL_REDIS_URL: expected a Redis 7 that can be written to, received one that cannot.');
  }
}

const replicasGone =
  'WAYBILL_REDIS_URL: the Redis has no replica any more: until it has one, a create could happen twice if this Redis is ' +
  'lost. With WAYBILL_REDIS_REPLICAS=1 creates with an idempotency key would be refused meanwhile.';

/** Created once, by the first gateway. */
async function secretOf(redis: Redis, onMade: () => void): Promise<Uint8Array> {
  const made = randomBytes(32);
  const kept = await redis.set(secretKey, made.toString('base64'), 'NX', 'GET');
  if (kept !== null) return Buffer.from(kept, 'base64');
  onMade();
  return made;
}

interface RedisStoreParts {
  readonly redis: Redis;
  readonly writes: ReplicatedWrites;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

class RedisStore implements Store {
  readonly setting = 'WAYBILL_REDIS_URL';
  readonly secret: Uint8Array;
  readonly #redis: Redis;
  readonly #writes: ReplicatedWrites;
  readonly #probe: Probe;

  constructor({ redis, writes, secret, clock }: RedisStoreParts) {
    this.#redis = redis;
    this.#writes = writes;
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

  /** Redis' settings decide what is on disk by then; a failover keeps what is durable. */
  async write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void> {
    if (durability === 'durable') await this.writeIf([], changes);
    else isWritten(await this.#redis.eval(...this.#script([], changes)));
  }

  async writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    const { value, needed, confirmed } = await this.#writes.run(this.#script(expected, changes));
    if (!isWritten(value)) return false;
    if (confirmed < needed) throw unconfirmed(needed, confirmed);
    return true;
  }

  isReachable(): Promise<boolean> {
    return this.#probe.isAnswered();
  }

  async close(): Promise<void> {}

  #script(expected: readonly Change[], changes: readonly Change[]): Script {
    const all = [...expected, ...changes];
    const collections = [...new Set(all.map(({ collection }) => collection))];
    const keys = collections.flatMap((collection) => [orderOf(collection), valuesOf(collection)]);
    const args = all.flatMap(({ collection, key, value }) => [
      collections.indexOf(collection) + 1,
      key,
      value === undefined ? '' : storedText(value),
    ]);
    const secret = Buffer.from(this.secret).toString('base64');
    return [writeScript, keys.length + 1, ...keys, secretKey, expected.length, secret, ...args];
  }

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

function isWritten(reply: unknown): boolean {
  if (reply === -1) throw new ReplacedStoreError('expected the secret that this gateway has opened, received another');
  return reply === 1;
}

function unconfirmed(needed: number, confirmed: number): UnconfirmedWriteError {
  const replicas = needed === 1 ? 'one replica' : `${needed} replicas`;
  return new UnconfirmedWriteError(
    `expected ${replicas} to confirm a write within ${confirmMs} ms, received ${confirmed}`,
  );
}

function orderOf(collection: string): string {
  return `${prefix}${collection}:order`;
}

function valuesOf(collection: string): string {
  return `${prefix}${collection}:values`;
}
