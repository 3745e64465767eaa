/** What holds for a store wherever it lies: told as tests of the one that `open` gives. */
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

  test('a long list comes whole, or as long as was asked for', async () => {
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

  test('a value is nobody’s any more at its end, and is forgotten a few at a time', async () => {
    const store = await open();
    const collection = values(store);
    for (const key of ['a', 'b', 'c']) await store.write(collection.putUntil(1_000, key, 1), 'lazy');
    // Written anew with a later end.
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

  test('several who forget at once forget nothing that was written anew meanwhile', async () => {
    const store = await open();
    const collection = values(store);
    const keys = Array.from({ length: 40 }, (_, index) => String(index));
    for (const key of keys) await store.write(collection.putUntil(1_000, key, 1), 'lazy');
    const renew = async (key: string) =>
      store.writeIf(collection.putUntil(1_000, key, 1).slice(0, 1), collection.putUntil(9_000, key, 2));
    const forget = () => deleteExpired(store, 1_000, 10);
    const [, renewed] = await Promise.all([
      Promise.all(Array.from({ length: 12 }, forget)),
      Promise.all(keys.map(renew)),
    ]);
    while ((await forget()) > 0);
    const kept = keys.filter((_, at) => renewed[at]);
    expect((await collection.list({})).toSorted()).toEqual(kept.map((key) => [key, 2]).toSorted());
    await store.close();
  });

  test('what is expected is compared by its members, whatever their order', async () => {
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

  test('where one of several is not as expected nothing is written', async () => {
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

  test('of many who expect the same one writes', async () => {
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

  test('what no version of the gateway wrote is refused, not guessed at', async () => {
    const store = await open();
    await store.write([{ collection: 'values', key: 'a', value: { v: 2, value: 1 } }], 'lazy');
    const reason = new RegExp(`^${store.setting}: .*"values".* cannot read`);
    await expect(values(store).get('a')).rejects.toThrow(reason);
    await store.close();
  });
}
