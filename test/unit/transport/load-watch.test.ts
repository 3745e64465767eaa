/** When load becomes overload, and when it no longer is one. */
import { expect, test } from 'vitest';
import type { Load } from '../../../src/transport/load-gauge.ts';
import { defaultLoadLimits, LoadWatch } from '../../../src/transport/load-watch.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const fine: Load = { loopDelayMs: 12, memoryShare: 0.4 };
const full: Load = { ...fine, memoryShare: 0.86 };
const blocked = (loopDelayMs: number): Load => ({ ...fine, loopDelayMs });

/** `O` for each look that leaves the process overloaded, `-` for the others. */
async function verdicts(looks: readonly Load[]): Promise<string> {
  const clock = new FakeClock();
  const left = [...looks];
  const gauge = { look: () => left.shift() ?? fine, stop: () => {} };
  const watch = new LoadWatch(clock, gauge, defaultLoadLimits);
  let told = '';
  for (let looked = 0; looked < looks.length; looked += 1) {
    await clock.advance(1_000);
    told += watch.isOverloaded ? 'O' : '-';
  }
  watch.stop();
  expect(clock.pendingTimers).toBe(0);
  return told;
}

const times = (count: number, ...looks: readonly Load[]): Load[] => Array.from({ length: count }, () => looks).flat();

test.each([
  ['one block of ten seconds is over when it is seen', [blocked(10_000), ...times(9, fine)], '----------'],
  ['an event for ten thousand readers every three seconds', times(6, blocked(340), fine, fine), '-'.repeat(18)],
  ['five slow seconds in a row', times(7, blocked(250)), '----OOO'],
  ['every other second slow', times(5, blocked(900), fine), '--------OO'],
  ['a block of two seconds, again and again', times(4, blocked(2_000)), '-OOO'],
  ['a delay at the limit', times(7, blocked(200)), '-------'],
  ['three fine seconds end it', [...times(5, blocked(300)), ...times(5, fine)], '----OOO---'],
  [
    'a slow second between fine ones does not let it end',
    [...times(5, blocked(300)), fine, fine, blocked(300), fine],
    '----OOOOO',
  ],
  [
    'load that comes back at once is known at once',
    [...times(6, blocked(300)), ...times(3, fine), blocked(300)],
    '----OOOO-O',
  ],
  [
    'load that comes back after a while has to last again',
    [...times(6, blocked(300)), ...times(9, fine), blocked(300)],
    '----OOOO--------',
  ],
  ['memory over the limit', [fine, full, full, fine, fine, fine], '-OOOO-'],
])('%s', async (_, looks, expected) => {
  expect(await verdicts(looks)).toBe(expected);
});
