/** What the log says of a store that refuses writes. */
import { describe, expect, test } from 'vitest';
import { levelRefusal, redisRefusal } from '../../../src/store/refusals.ts';
import { ReportedStore } from '../../../src/store/reported-store.ts';
import { ReplacedStoreError, UnconfirmedWriteError } from '../../../src/store/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const value = { collection: 'values', key: 'a', value: 1 };

function reported() {
  const clock = new FakeClock();
  const inner = new MemoryStore();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const store = new ReportedStore(inner, { clock, log, reasonOf: () => 'the store is down' });
  const write = (): Promise<unknown> => store.write([value], 'durable').catch(() => undefined);
  return { clock, inner, lines, store, write };
}

test('the first refusal is logged, then one a minute, and the end once', async () => {
  const { clock, inner, lines, store, write } = reported();
  await write();
  inner.isDown = true;
  for (let second = 0; second < 150; second += 1) {
    await write();
    await store.writeIf([], [value]).catch(() => undefined);
    await clock.advance(1_000);
  }
  const refused =
    'WAYBILL_DATA_DIR: the store is down. Until then creates with an idempotency key are refused, and nothing is sent for them.';
  expect(lines).toEqual([refused, refused, refused]);
  inner.isDown = false;
  for (const _ of [1, 2, 3]) await write();
  expect(lines.slice(3)).toEqual(['WAYBILL_DATA_DIR: the store takes writes again.']);
});

test('a store that fails every other write fills no log', async () => {
  const { clock, inner, lines, write } = reported();
  for (let second = 0; second < 600; second += 1) {
    inner.isDown = second % 2 === 0;
    await write();
    await clock.advance(100);
  }
  expect(lines).toHaveLength(2);
});

test('the probe of a refusing store is reported as well', async () => {
  const { inner, lines, store } = reported();
  inner.isDown = true;
  expect(await store.isReachable()).toBe(false);
  expect(lines).toHaveLength(1);
});

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

// The texts of Redis 7.0.15.
const script = ' script: 7bde4bd468bc3cda10c087ad5f4dfea42d1b4c04, on @user_script:1.';
describe('the reason of a refusal by Redis', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'the Redis is full (OOM): raise its `maxmemory`'],
    [`READONLY You can't write against a read only replica.${script}`, 'the Redis is a replica (READONLY): WAYBILL_'],
    ['MISCONF Redis is configured to save RDB snapshots, but', 'the Redis cannot save to its disk (MISCONF): '],
    [`NOREPLICAS Not enough good replicas to write.${script}`, 'the Redis has fewer replicas than its `min-replicas'],
    ["NOPERM this user has no permissions to run the 'set' command", 'the user of the URL may not write (NOPERM): '],
    [`ERR The user executing the script can't run this command or subcommand${script}`, 'the user of the URL may not'],
    ['LOADING Redis is loading the dataset in memory', 'the Redis still reads its data (LOADING): wait'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'the Redis refuses writes (TRYAGAIN): its log'],
    ['something else', 'the Redis refuses writes (unknown error): its log may say why'],
  ])('%s', (message, reason) => {
    expect(redisRefusal(replyError(message))).toMatch(reason);
    expect(redisRefusal(replyError(message))).not.toMatch(/user_script|command not allowed/);
  });

  test('says what replicas have confirmed, and that a Redis was begun anew', () => {
    const unconfirmed = 'expected one replica to confirm a write within 400 ms, received 0';
    expect(redisRefusal(new UnconfirmedWriteError(unconfirmed))).toMatch(`${unconfirmed}: look at the replicas`);
    expect(redisRefusal(new ReplacedStoreError(''))).toMatch(/emptied or replaced .* restart this one\. .* `jobs`/);
  });

  test('is left to the connection if Redis is away', () => {
    expect(redisRefusal(new Error('Connection is closed.'))).toBeUndefined();
    expect(redisRefusal(new Error('Command timed out'))).toBeUndefined();
  });
});

// The texts of LevelDB, with those of Linux.
test.each([
  [
    'IO error: /data/000004.log: No space left on device',
    '(No space left on device): make room on its disk, at least 4 MiB',
  ],
  ['IO error: /data/000004.log: File too large', '(File too large): make room on its disk, at least 4 MiB'],
  ['IO error: /data/000005.ldb: Permission denied', '(Permission denied): give it back to the user of the gateway'],
  ['IO error: /data/000005.ldb: Read-only file system', '(Read-only file system): make its file system writable'],
  ['IO error: /data/000005.ldb: Input/output error', '(Input/output error): look at its disk'],
  ['Corruption: bad record', '(unexpected error): look at its disk'],
])('the reason of a refusal by a folder: %s', (message, reason) => {
  const cause = Object.assign(new Error(message), { code: 'LEVEL_IO_ERROR' });
  const outer = Object.assign(new Error('Database failed to open', { cause }), { code: 'LEVEL_DATABASE_NOT_OPEN' });
  for (const error of [cause, outer])
    expect(levelRefusal('.waybill', error)).toBe(`the folder ".waybill" takes no writes ${reason}`);
});
