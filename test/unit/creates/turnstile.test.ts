import { expect, test } from 'vitest';
import { Turnstile } from '../../../src/creates/turnstile.ts';
import { settle } from '../../support/fake-clock.ts';

function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('a search waits for creates of its kind that are under way, and those that come wait for it', async () => {
  const turnstile = new Turnstile();
  const log: string[] = [];
  const [first, search] = [gate(), gate()];
  const create = (name: string, wait?: Promise<void>) => async () => {
    log.push(`${name} begins`);
    await wait;
    log.push(`${name} ends`);
  };
  const all = [
    turnstile.pass('a', create('first', first.opened)),
    turnstile.hold('a', create('search', search.opened)),
    turnstile.pass('a', create('second')),
    turnstile.pass('b', create('other kind')),
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

test('searches of one kind take turns, and one that fails lets the next in', async () => {
  const turnstile = new Turnstile();
  let under = 0;
  const search = async (index: number) => {
    under += 1;
    expect(under).toBe(1);
    await settle();
    under -= 1;
    if (index === 0) throw new Error('down');
    return index;
  };
  const results = await Promise.allSettled([0, 1, 2].map((index) => turnstile.hold('a', () => search(index))));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});
