import { expect, test } from 'vitest';
import { z } from 'zod';
import { Collection, deleteExpired } from '../../../src/store/collection.ts';
import { startExpiry } from '../../../src/store/expiry.ts';
import { openLevelStore } from '../../../src/store/level-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/gateway.ts';
import { MemoryStore } from '../../support/memory-store.ts';

test('expired values are deleted in batches, and others are kept', async () => {
  const clock = new FakeClock(0);
  const store = await openLevelStore({ folder: temporaryFolder(), namespace: 'aws', clock });
  const collection = new Collection(store, 'values', z.number());
  for (let index = 0; index < 450; index += 1) await store.write(collection.putUntil(1_000, String(index), 1), 'lazy');
  await store.write(collection.putUntil(10_000_000, 'kept', 2), 'lazy');
  const stop = startExpiry(store, clock);
  const left = async () => (await collection.list({})).length;

  await clock.advance(60_000);
  await expect.poll(left).toBe(251);
  for (const expected of [51, 1]) {
    await expect.poll(() => clock.pendingTimers).toBe(1);
    await clock.advance(100);
    await expect.poll(left).toBe(expected);
  }
  await stop();
  await store.close();
  expect(clock.pendingTimers).toBe(0);
});

test('an unreadable expiry of another version keeps no other value from being deleted', async () => {
  const store = new MemoryStore();
  const collection = new Collection(store, 'values', z.number());
  await store.write([{ collection: 'expiries', key: '0000000000000001 values a', value: ['values', 'a'] }], 'lazy');
  await store.write(collection.putUntil(1_000, 'b', 1), 'lazy');
  await deleteExpired(store, 2_000, 10);
  expect(await store.list('values', {})).toEqual([]);
  expect((await store.list('expiries', {})).map(([key]) => key)).toEqual(['0000000000000001 values a']);
});
