import { expect, test } from 'vitest';
import { ReadWriteLock } from '../../../src/creates/read-write-lock.ts';
import { settle } from '../../support/fake-clock.ts';

function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('a search waits for the creates of its kind that are under way, and later creates wait for it', async () => {
  const lock = new ReadWriteLock();
  const log: string[] = [];
  const [first, search] = [gate(), gate()];
  const create = (name: string, wait?: Promise<void>) => async () => {
    log.push(`${name} begins`);
    await wait;
    log.push(`${name} ends`);
  };
  const all = [
    lock.withCreate('a', create('first', first.opened)),
    lock.withSearch('a', create('search', search.opened)),
    lock.withCreate('a', create('second')),
    lock.withCreate('b', create('other kind')),
  ];
  await settle();
  expect(log).toEqual(['first begins', 'other kind begins', 'other kind ends']);
  first.open();
  await settle();
  expect(log.slice(3)).toEqual(['first ends', 'search begins']);
  search.open();
  await Promise.all(all);
  expect(log.slice(5)).toEqual(['search ends', 'second begins', 'second ends']);
});

test('searches of one kind run one after another, and a failed one lets the next run', async () => {
  const lock = new ReadWriteLock();
  let under = 0;
  const search = async (index: number) => {
    under += 1;
    expect(under).toBe(1);
    await settle();
    under -= 1;
    if (index === 0) throw new Error('down');
    return index;
  };
  const results = await Promise.allSettled([0, 1, 2].map((index) => lock.withSearch('a', () => search(index))));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});
