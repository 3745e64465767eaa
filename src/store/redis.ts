/** The connection to the Redis that several gateways share: while it is down, commands fail within a second. */
import { Redis } from 'ioredis';
import { StoreError } from './store.ts';

/** A command that takes longer fails. */
export const commandTimeoutMs = 1_000;

/** The longest interval between two attempts to connect; the first follows at once. */
const maxRetryMs = 2_000;

/**
 * Connects to `url`, and reconnects whenever the connection is lost. Meanwhile commands fail at once; a command without
 * an answer within a second fails, though Redis may still run it. No command is sent twice. `log` takes a line when the
 * connection is lost and when it is back. For blocking reads: `duplicate({ commandTimeout: undefined, socketTimeout:
 * undefined })`, with an 'error' listener of its own. Throws `StoreError` if nothing answers at `url`.
 */
export async function connectRedis(url: string, log: (line: string) => void): Promise<Redis> {
  /** Whether the connection was given up to find the new master, which is no loss. */
  let isLeaving = false;
  const redis = new Redis(withoutOptions(url), {
    lazyConnect: true,
    connectionName: 'waybill',
    disableClientInfo: true,
    enableOfflineQueue: false,
    // A command under way may have been run: only its caller knows whether to send it again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: commandTimeoutMs,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** (attempt - 1), maxRetryMs),
    // After a failover the old master takes no writes: reconnecting leads to the new one.
    reconnectOnError: ({ message }) => {
      isLeaving ||= message.startsWith('READONLY');
      return message.startsWith('READONLY');
    },
  });
  let cause = '';
  redis.on('error', (error: NodeJS.ErrnoException) => {
    // What follows from the first error, such as the end of the commands under way, says less.
    cause = causeOf(error) || cause;
    isLeaving = false;
  });
  redis.on('ready', () => {
    cause = '';
    isLeaving = false;
  });
  try {
    await redis.connect();
  } catch {
    redis.disconnect();
    throw new StoreError(
      `WAYBILL_REDIS_URL: no Redis answers at ${hostOf(url)}${cause}: expected one that can be written to.`,
    );
  }
  const report: Report = (what) => log(`WAYBILL_REDIS_URL: the Redis at ${hostOf(url)} ${what(cause)}`);
  logConnectionLosses(redis, { report, isLoss: () => !isLeaving });
  await warnOfWeakDurability(redis, log);
  return redis;
}

/** ioredis reads options from a URL's query. */
function withoutOptions(url: string): string {
  const bare = new URL(url);
  bare.search = '';
  return bare.href;
}

/** The host, without the password. */
function hostOf(url: string): string {
  const { host } = new URL(url);
  return host;
}

/** Only the code: Redis' messages may quote the refused command, and ioredis' what arrived in place of an answer. */
function causeOf({ code, message }: NodeJS.ErrnoException): string {
  if (message.startsWith('Protocol error')) return ' (what answers is no Redis, or expects rediss:)';
  const word =
    code ?? /\b(?:WRONGPASS|NOAUTH|NOPERM|LOADING|READONLY|[Tt]imed? ?out|Socket timeout)\b/.exec(message)?.[0];
  return word === undefined ? '' : ` (${word})`;
}

type Report = (what: (cause: string) => string) => void;

function logConnectionLosses(redis: Redis, { report, isLoss }: { report: Report; isLoss: () => boolean }): void {
  let isAway = false;
  redis.on('reconnecting', () => {
    if (isAway || !isLoss()) return;
    isAway = true;
    report((cause) => `is away${cause}: creates with an idempotency key are refused until it is back`);
  });
  redis.on('ready', () => {
    if (!isAway) return;
    isAway = false;
    report(() => 'is back');
  });
}

/** The settings with which a write is on disk before it is confirmed, and nothing is evicted. */
const durableSettings = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/** Many hosted Redis services refuse CONFIG: then nothing is logged. */
async function warnOfWeakDurability(redis: Redis, log: (line: string) => void): Promise<void> {
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
