import { expect, test } from 'vitest';
import { z } from 'zod';
import { Collection } from '../../src/store/collection.ts';
import { openLevelStore } from '../../src/store/level-store.ts';
import { startUpkeep } from '../../src/store/upkeep.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/gateway.ts';

test('what is over is forgotten in turns, and what is not is kept', async () => {
  const clock = new FakeClock(0);
  const store = await openLevelStore({ folder: temporaryFolder(), world: 'aws', clock });
  const collection = new Collection(store, 'values', z.number());
  for (let index = 0; index < 450; index += 1) await store.write(collection.putUntil(1_000, String(index), 1), 'lazy');
  await store.write(collection.putUntil(10_000_000, 'kept', 2), 'lazy');
  const stop = startUpkeep(store, clock);
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
