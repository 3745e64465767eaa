/** The connection to the Redis that several gateways share: whoever asks while it is away learns so within a second. */
import { Redis } from 'ioredis';
import { StoreError } from './store.ts';

/** A Redis that has not answered by then is as good as none. */
export const answerMs = 1_000;

/** Between two attempts to connect: the first follows at once, and this is the longest. */
const maxRetryMs = 2_000;

/**
 * Connects to `url`, and again for ever whenever the connection is lost. While it is, commands are refused at once; one that is
 * not answered within a second is given up, though Redis may still do it. No command is sent twice. `log` takes a line when
 * the connection is lost and when it is back. For reads that block: `duplicate({ commandTimeout: undefined,
 * socketTimeout: undefined })`, with an 'error' listener of its own. Throws `StoreError` if nothing answers at `url`.
 */
export async function connectRedis(url: string, log: (line: string) => void): Promise<Redis> {
  const redis = new Redis(withoutOptions(url), {
    lazyConnect: true,
    connectionName: 'waybill',
    disableClientInfo: true,
    enableOfflineQueue: false,
    // What was under way may have been done: to send it again is for those who know what it was.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    socketTimeout: answerMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** (attempt - 1), maxRetryMs),
    // After a failover the old master takes no writes: the name now leads to another.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
  let cause = '';
  redis.on('error', (error: NodeJS.ErrnoException) => {
    cause = causeOf(error);
  });
  try {
    await redis.connect();
  } catch {
    redis.disconnect();
    throw new StoreError(
      `WAYBILL_REDIS_URL: no Redis answers at ${placeOf(url)}${cause}: expected one that can be written to.`,
    );
  }
  tellOfLosses(redis, (what) => log(`WAYBILL_REDIS_URL: the Redis at ${placeOf(url)} ${what(cause)}`));
  await warnOfForgetfulness(redis, log);
  return redis;
}

/** ioredis takes options of its own from a URL's query. */
function withoutOptions(url: string): string {
  const bare = new URL(url);
  bare.search = '';
  return bare.href;
}

/** Without the password. */
function placeOf(url: string): string {
  const { host } = new URL(url);
  return host;
}

/** Only the code: messages of Redis may quote what they refuse. */
function causeOf({ code, message }: NodeJS.ErrnoException): string {
  const word =
    code ?? /\b(?:WRONGPASS|NOAUTH|NOPERM|LOADING|READONLY|[Tt]imed? ?out|Socket timeout)\b/.exec(message)?.[0];
  return word === undefined ? '' : ` (${word})`;
}

function tellOfLosses(redis: Redis, tell: (what: (cause: string) => string) => void): void {
  let isAway = false;
  redis.on('reconnecting', () => {
    if (isAway) return;
    isAway = true;
    tell((cause) => `is away${cause}: creates with an idempotency key are refused until it is back`);
  });
  redis.on('ready', () => {
    if (!isAway) return;
    isAway = false;
    tell(() => 'is back');
  });
}

/** What must be set for a write to be on the disk before it is answered, and for nothing to be forgotten early. */
const durableSettings = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/** Many a hosted Redis lets nobody ask: then there is nothing to be said. */
async function warnOfForgetfulness(redis: Redis, log: (line: string) => void): Promise<void> {
  const settings = await redis.config('GET', ...Object.keys(durableSettings)).catch(() => undefined);
  if (!Array.isArray(settings)) return;
  const faults = Object.entries(durableSettings).filter(([name, value]) => {
    const at = settings.indexOf(name);
    return at >= 0 && settings[at + 1] !== value;
  });
  if (faults.length === 0) return;
  const wanted = faults.map(([name, value]) => `${name} ${value}`).join(', ');
  log(
    `WAYBILL_REDIS_URL: this Redis may forget what it has confirmed, and a create could happen twice: set ${wanted}.`,
  );
}
