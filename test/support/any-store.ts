/** The tests that every store must pass. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Collection, deleteExpired } from '../../src/store/collection.ts';
import type { Store } from '../../src/store/store.ts';

const values = (store: Store) => new Collection(store, 'values', z.number());

const keysOf = async (store: Store, range: Parameters<Store['list']>[1]) =>
  (await values(store).list(range)).map(([key]) => key);

export function testStore(open: () => Promise<Store>): void {
  test('changes are listed in the order of their keys, from either end and between two', async () => {
    const store = await open();
    const keys = ['a', 'b', 'c', 'd'];
    await store.write(
      keys.flatMap((key, index) => values(store).put(key, index)),
      'lazy',
    );
    await store.write(new Collection(store, 'values2', z.number()).put('z', 9), 'lazy');
    expect(await keysOf(store, {})).toEqual(keys);
    expect(await keysOf(store, { after: 'a', before: 'd' })).toEqual(['b', 'c']);
    expect(await keysOf(store, { isReversed: true, limit: 2 })).toEqual(['d', 'c']);
    expect(await values(store).count()).toBe(4);
    await store.close();
  });

  test('a long list is complete, or as long as its limit', async () => {
    const store = await open();
    const keys = Array.from({ length: 1_200 }, (_, index) => String(index).padStart(4, '0'));
    await store.write(
      keys.flatMap((key) => values(store).put(key, 1)),
      'lazy',
    );
    expect(await keysOf(store, {})).toEqual(keys);
    expect(await keysOf(store, { isReversed: true })).toEqual(keys.toReversed());
    expect(await keysOf(store, { limit: 700 })).toEqual(keys.slice(0, 700));
    expect(await keysOf(store, { isReversed: true, before: '0900', limit: 600 })).toEqual(
      keys.slice(300, 900).toReversed(),
    );
    await store.close();
  });

  test('a value expires, and expired values are deleted a few at a time', async () => {
    const store = await open();
    const collection = values(store);
    for (const key of ['a', 'b', 'c']) await store.write(collection.putUntil(1_000, key, 1), 'lazy');
    // Written again with a later expiry.
    await store.write(collection.putUntil(2_000, 'c', 2), 'lazy');
    expect(await collection.get('a', 999)).toBe(1);
    expect(await collection.get('a', 1_000)).toBeUndefined();
    expect(await deleteExpired(store, 999, 10)).toBe(0);
    expect(await deleteExpired(store, 1_000, 2)).toBe(2);
    expect(await deleteExpired(store, 1_000, 2)).toBe(1);
    expect(await collection.list({})).toEqual([['c', 2]]);
    expect(await deleteExpired(store, 2_000, 10)).toBe(1);
    expect(await collection.list({})).toEqual([]);
    expect(await store.count('expiries')).toBe(0);
    await store.close();
  });

  test('concurrent deletions of expired values delete none that was renewed meanwhile', async () => {
    const store = await open();
    const collection = values(store);
    const keys = Array.from({ length: 40 }, (_, index) => String(index));
    for (const key of keys) await store.write(collection.putUntil(1_000, key, 1), 'lazy');
    const renew = async (key: string) =>
      store.writeIf(collection.putUntil(1_000, key, 1).slice(0, 1), collection.putUntil(9_000, key, 2));
    const expire = () => deleteExpired(store, 1_000, 10);
    const [, renewed] = await Promise.all([
      Promise.all(Array.from({ length: 12 }, expire)),
      Promise.all(keys.map(renew)),
    ]);
    while ((await expire()) > 0);
    const kept = keys.filter((_, at) => renewed[at]);
    expect((await collection.list({})).toSorted()).toEqual(kept.map((key) => [key, 2]).toSorted());
    await store.close();
  });

  test('expected values are compared by their members, whatever their order', async () => {
    const store = await open();
    const at = { collection: 'records', key: 'a' };
    expect(
      await store.writeIf([{ ...at, value: undefined }], [{ ...at, value: { b: [1, { d: null, c: 'é' }], a: 1.5 } }]),
    ).toBe(true);
    expect(await store.writeIf([{ ...at, value: undefined }], [{ ...at, value: 2 }])).toBe(false);
    expect(await store.writeIf([{ ...at, value: { a: 1.5 } }], [{ ...at, value: 2 }])).toBe(false);
    const same = { a: 1.5, b: [1, { c: 'é', d: null, e: undefined }] };
    expect(await store.writeIf([{ ...at, value: same }], [{ ...at, value: 3 }])).toBe(true);
    expect(await store.read('records', 'a')).toBe(3);
    await store.close();
  });

  test('if one of several expectations fails nothing is written', async () => {
    const store = await open();
    const [a, b] = [
      { collection: 'one', key: 'a' },
      { collection: 'other', key: 'b' },
    ];
    await store.write([{ ...a, value: 1 }], 'durable');
    const changes = [
      { ...a, value: undefined },
      { ...b, value: 2 },
    ];
    expect(
      await store.writeIf(
        [
          { ...a, value: 1 },
          { ...b, value: 1 },
        ],
        changes,
      ),
    ).toBe(false);
    expect([await store.read('one', 'a'), await store.read('other', 'b')]).toEqual([1, undefined]);
    expect(
      await store.writeIf(
        [
          { ...a, value: 1 },
          { ...b, value: undefined },
        ],
        changes,
      ),
    ).toBe(true);
    expect([await store.read('one', 'a'), await store.read('other', 'b')]).toEqual([undefined, 2]);
    await store.close();
  });

  test('one of many concurrent conditional writes succeeds', async () => {
    const store = await open();
    const count = { collection: 'counts', key: 'a' };
    for (let round = 0; round < 5; round += 1) {
      const value = round === 0 ? undefined : round;
      const writers = Array.from({ length: 20 }, () =>
        store.writeIf([{ ...count, value }], [{ ...count, value: round + 1 }]),
      );
      expect((await Promise.all(writers)).filter(Boolean)).toHaveLength(1);
    }
    expect(await store.read('counts', 'a')).toBe(5);
    await store.close();
  });

  test('a value of an unknown version is refused', async () => {
    const store = await open();
    await store.write([{ collection: 'values', key: 'a', value: { v: 2, value: 1 } }], 'lazy');
    const reason = new RegExp(`^${store.setting}: .*"values".* cannot read`);
    await expect(values(store).get('a')).rejects.toThrow(reason);
    await store.close();
  });
}
