import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Collection } from '../../../src/store/collection.ts';
import { MissingFolderError } from '../../../src/store/level-database.ts';
import { type Namespace, openLevelStore } from '../../../src/store/level-store.ts';
import { type Store, StoreError } from '../../../src/store/store.ts';
import { testStore } from '../../support/any-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/gateway.ts';

function open(folder: string, namespace: Namespace = 'aws'): Promise<Store> {
  return openLevelStore({ folder, namespace, clock: new FakeClock() });
}

testStore(() => open(temporaryFolder()));

const values = (store: Store) => new Collection(store, 'values', z.number());

test('written values are there when the folder is opened again, and so is the secret', async () => {
  const folder = temporaryFolder();
  const first = await open(folder);
  await first.write(values(first).put('a', 1), 'durable');
  await first.close();
  const second = await open(folder);
  expect(await values(second).get('a')).toBe(1);
  expect(second.secret).toEqual(first.secret);
  expect(second.secret).toHaveLength(32);
  await second.close();
});

test('the emulator namespace is empty when the folder is opened again, and the aws namespace is kept', async () => {
  const folder = temporaryFolder();
  for (const namespace of ['aws', 'emulator', 'aws', 'emulator'] as const) {
    const store = await open(folder, namespace);
    const kept = await values(store).get('a');
    await store.write(values(store).put('a', (kept ?? 0) + 1), 'durable');
    await store.close();
  }
  const aws = await open(folder, 'aws');
  expect(await values(aws).get('a')).toBe(2);
  await aws.close();
  const emulator = await open(folder, 'emulator');
  expect(await values(emulator).get('a')).toBeUndefined();
  await emulator.close();
});

test('only the owner may access the folder', async () => {
  const folder = join(temporaryFolder(), 'deep', 'data');
  const store = await open(folder);
  for (const path of [folder, join(folder, 'store')]) expect(statSync(path).mode & 0o777).toBe(0o700);
  await store.close();
});

test('a folder in use is refused with the name of its setting', async () => {
  const folder = temporaryFolder();
  const store = await open(folder);
  const second = await open(folder).catch((error: unknown) => error);
  expect(second).toBeInstanceOf(StoreError);
  expect(String(second)).toMatch(/WAYBILL_DATA_DIR.*in use by another process/);
  await store.close();
});

test.each(['CURRENT', 'MANIFEST'])('a damaged %s is refused with advice on what to do', async (name) => {
  const folder = temporaryFolder();
  await (await open(folder)).close();
  const [damaged = ''] = readdirSync(join(folder, 'store')).filter((file) => file.startsWith(name));
  writeFileSync(join(folder, 'store', damaged), 'not of LevelDB');
  await expect(open(folder)).rejects.toThrow(/WAYBILL_DATA_DIR.*is damaged.*[Rr]estore it from a backup/s);
});

test('a store whose CURRENT file is missing is not begun again over the remaining files', async () => {
  const folder = temporaryFolder();
  await (await open(folder)).close();
  rmSync(join(folder, 'store', 'CURRENT'));
  const remaining = readdirSync(join(folder, 'store'));
  await expect(open(folder)).rejects.toThrow(/WAYBILL_DATA_DIR.*is damaged.*CURRENT is missing/s);
  expect(readdirSync(join(folder, 'store'))).toEqual(remaining);
});

// LevelDB's first write goes to a device that is always full.
test.runIf(existsSync('/dev/full'))('the error of a full disk says so, and not that the store is damaged', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'store'));
  symlinkSync('/dev/full', join(folder, 'store', 'MANIFEST-000001'));
  await expect(open(folder)).rejects.toThrow(/WAYBILL_DATA_DIR.*cannot be had \(No space left on device\)/);
});

test('a file in place of the folder is refused by its code', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a', 'store'), '');
  await expect(open(join(folder, 'a'))).rejects.toThrow(/WAYBILL_DATA_DIR.*ENOTDIR.*can be written to/);
});

test('a store that takes no writes is not reachable', async () => {
  const store = await open(temporaryFolder());
  expect(await Promise.all([store.isReachable(), store.isReachable()])).toEqual([true, true]);
  await store.close();
  expect(await store.isReachable()).toBe(false);
});

test('a folder that is moved away while it is open takes no writes, is not begun anew, and continues where it is put back', async () => {
  const folder = temporaryFolder();
  const store = await open(folder);
  await store.write(values(store).put('a', 1), 'durable');
  const [place, elsewhere] = [join(folder, 'store'), join(folder, 'elsewhere')];
  renameSync(place, elsewhere);
  for (const durability of ['durable', 'lazy', 'durable'] as const) {
    await expect(store.write(values(store).put('a', 2), durability)).rejects.toBeInstanceOf(MissingFolderError);
  }
  expect(await store.isReachable()).toBe(false);
  expect(existsSync(place)).toBe(false);
  renameSync(elsewhere, place);
  await store.write(values(store).put('b', 3), 'durable');
  expect([await values(store).get('a'), await values(store).get('b')]).toEqual([1, 3]);
  await store.close();
});

test('a folder that is replaced by another while it is open takes no writes', async () => {
  const folder = temporaryFolder();
  const store = await open(folder);
  const other = temporaryFolder();
  await (await open(other)).close();
  renameSync(join(folder, 'store'), join(folder, 'elsewhere'));
  renameSync(join(other, 'store'), join(folder, 'store'));
  await expect(store.write(values(store).put('a', 2), 'durable')).rejects.toBeInstanceOf(MissingFolderError);
  await store.close();
});
