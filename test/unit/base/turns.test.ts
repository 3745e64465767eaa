import { setImmediate as loopIteration } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '../../../src/base/turns.ts';

const options = { sliceMs: 10, perCheck: 20 };

test('all are served in the order of their calls, with pauses for the event loop', async () => {
  let now = 0;
  const turns = new Turns(() => now, options);
  const order: number[] = [];
  const work = async (piece: number): Promise<void> => {
    const turn = turns.next();
    if (turn !== undefined) await turn;
    order.push(piece);
    now += 1;
  };
  const pieces = Array.from({ length: 500 }, (_, piece) => piece);
  void Promise.all(pieces.map(work));
  const counts: number[] = [];
  while (order.length < pieces.length) {
    const before = order.length;
    await loopIteration();
    counts.push(order.length - before);
  }
  expect(order).toEqual(pieces);
  // A slice is 10 ms, and the clock is read once for 20 pieces.
  expect(Math.max(...counts)).toBeLessThanOrEqual(40);
});

test('what comes within a slice does not wait', () => {
  const turns = new Turns(() => 0, options);
  expect([turns.next(), turns.next()]).toEqual([undefined, undefined]);
});

test('what comes after a slice has ended waits for the event loop', async () => {
  let now = 0;
  const turns = new Turns(() => now, options);
  expect(turns.next()).toBeUndefined();
  now = 10;
  const order: string[] = [];
  const waiting = [1, 2].map((piece) => turns.next()?.then(() => order.push(`piece ${piece}`)));
  process.nextTick(() => order.push('tick'));
  await Promise.all(waiting);
  expect(order).toEqual(['tick', 'piece 1', 'piece 2']);
});

test('slices are short, and the wait is known, while the first of the waiting has waited for long', async () => {
  let now = 0;
  const turns = new Turns(() => now, { sliceMs: 10, lateSliceMs: 2, perCheck: 1 });
  let done = 0;
  const work = async (): Promise<void> => {
    const turn = turns.next();
    if (turn !== undefined) await turn;
    done += 1;
    now += 1;
  };
  const all = Promise.all(Array.from({ length: 40 }, work));
  expect([done, turns.waiting, turns.waitedMs]).toEqual([10, 30, 0]);
  const perIteration = async (): Promise<number> => {
    const before = done;
    await loopIteration();
    return done - before;
  };
  expect([await perIteration(), turns.waitedMs]).toEqual([10, 10]);
  // The loop is blocked once: the slice after it began before anybody was known to have waited.
  now += 500;
  expect([await perIteration(), turns.waitedMs]).toEqual([10, 520]);
  expect(await perIteration()).toBe(2);
  // The loop did something else for 20 ms, so a quarter of that is theirs.
  now += 20;
  expect(await perIteration()).toBe(5);
  await all;
  await loopIteration();
  expect([turns.waiting, turns.waitedMs]).toEqual([0, 0]);
});
