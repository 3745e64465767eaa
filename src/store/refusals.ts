/** The reasons why a store refuses writes, as sentences for operators. None quotes a command, a value or a path within the store. */
import { MissingFolderError, minFreeMiB } from './level-database.ts';
import { ReplacedStoreError, UnconfirmedWriteError } from './store.ts';

/** By the first word of Redis' error replies (Redis 7, `src/server.c`). */
const redisReasons: Readonly<Record<string, string>> = {
  OOM: 'the Redis is full (OOM): raise its `maxmemory`, or delete what others keep in it',
  READONLY: 'the Redis is a replica (READONLY): WAYBILL_REDIS_URL has to lead to the primary',
  MISCONF:
    'the Redis cannot save to its disk (MISCONF): mend that disk, or make room on it; the log of Redis says more',
  NOREPLICAS: 'the Redis has fewer replicas than its `min-replicas-to-write` (NOREPLICAS): start them',
  NOPERM: 'the user of the URL may not write (NOPERM): allow it all commands on keys that begin with `{waybill`',
  LOADING: 'the Redis still reads its data (LOADING): wait for it',
  BUSY: 'a script of another client holds the Redis up (BUSY): end that script',
  MASTERDOWN:
    'the Redis is a replica that has lost its primary (MASTERDOWN): WAYBILL_REDIS_URL has to lead to the primary',
  CLUSTERDOWN: 'the cluster of the Redis is down (CLUSTERDOWN): mend it',
};

/** Why Redis has refused a write; undefined if it is away, which the connection logs. */
export function redisRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UnconfirmedWriteError) {
    return `${error.message}: look at the replicas of the Redis (WAYBILL_REDIS_REPLICAS), and at the network between`;
  }
  if (error instanceof ReplacedStoreError) {
    return (
      'the Redis was emptied or replaced while this gateway ran, and another gateway has begun anew in it: restart this ' +
      'one. Idempotency keys from before are forgotten, so look through `jobs` before you repeat a create'
    );
  }
  if (error.name !== 'ReplyError') return undefined;
  const code = codeOf(error.message);
  return redisReasons[code] ?? `the Redis refuses writes (${code}): its log may say why`;
}

/** A script that may not write is refused with ERR. */
function codeOf(message: string): string {
  if (/can't run this command/.test(message)) return 'NOPERM';
  return /^[A-Z]{2,20}\b/.exec(message)?.[0] ?? 'unknown error';
}

/** LevelDB has the text of the system's error, and one code for all of them. */
const faultOfSystem =
  /No space left on device|Disk quota exceeded|File too large|Permission denied|Operation not permitted|Read-only file system|Too many open files|Input\/output error/;

const spaceIsShort = `make room on its disk, at least ${minFreeMiB} MiB`;
const remedies: Readonly<Record<string, string>> = {
  'No space left on device': spaceIsShort,
  'Disk quota exceeded': spaceIsShort,
  'File too large': spaceIsShort,
  'Permission denied': 'give it back to the user of the gateway',
  'Operation not permitted': 'give it back to the user of the gateway',
  'Read-only file system': 'make its file system writable',
  'Too many open files': 'raise the limit of open files (`ulimit -n`)',
};

/** Why the store in `folder` has refused a write. */
export function levelRefusal(folder: string, error: unknown): string {
  if (error instanceof MissingFolderError) {
    return (
      `the folder ${JSON.stringify(folder)} was moved or deleted while the gateway ran: put it back, or restart the ` +
      'gateway after looking through `jobs`, as its idempotency keys are then forgotten'
    );
  }
  const fault = faultOfSystem.exec(innermostMessage(error))?.[0];
  const remedy = fault && remedies[fault];
  const at = `the folder ${JSON.stringify(folder)} takes no writes (${fault ?? 'unexpected error'})`;
  return `${at}: ${remedy ?? 'look at its disk'}`;
}

/** The outer errors only say that the database is not open. */
function innermostMessage(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.cause instanceof Error ? innermostMessage(error.cause) : error.message;
}
