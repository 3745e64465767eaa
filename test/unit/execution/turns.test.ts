import { setImmediate as loopIteration } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '../../../src/execution/turns.ts';

test('All readers are served in the order of their calls, with pauses for the event loop', async () => {
  let now = 0;
  const turns = new Turns(() => now);
  const order: number[] = [];
  const read = async (reader: number): Promise<void> => {
    const turn = turns.next();
    if (turn !== undefined) await turn;
    order.push(reader);
    now += 1;
  };
  const readers = Array.from({ length: 500 }, (_, reader) => reader);
  void Promise.all(readers.map(read));
  const counts: number[] = [];
  while (order.length < readers.length) {
    const before = order.length;
    await loopIteration();
    counts.push(order.length - before);
  }
  expect(order).toEqual(readers);
  // A slice is 10 ms, and the clock is read once for 20 readers.
  expect(Math.max(...counts)).toBeLessThanOrEqual(40);
});

test('A reader that calls within a slice does not wait', () => {
  const turns = new Turns(() => 0);
  expect([turns.next(), turns.next()]).toEqual([undefined, undefined]);
});

test('A reader that calls after a slice has ended waits for the event loop', async () => {
  let now = 0;
  const turns = new Turns(() => now);
  expect(turns.next()).toBeUndefined();
  now = 10;
  const order: string[] = [];
  const waiting = [1, 2].map((reader) => turns.next()?.then(() => order.push(`reader ${reader}`)));
  process.nextTick(() => order.push('tick'));
  await Promise.all(waiting);
  expect(order).toEqual(['tick', 'reader 1', 'reader 2']);
});
