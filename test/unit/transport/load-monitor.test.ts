/** Decides from sequences of samples when an overload begins and ends. */
import { expect, test } from 'vitest';
import type { Load } from '../../../src/transport/load-gauge.ts';
import { defaultLoadLimits, LoadMonitor } from '../../../src/transport/load-monitor.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const fine: Load = { loopDelayMs: 12, utilization: 0.5, memoryShare: 0.4 };
const full: Load = { ...fine, memoryShare: 0.86 };
const busy: Load = { ...fine, utilization: 0.97 };
const blocked = (loopDelayMs: number): Load => ({ ...fine, loopDelayMs });

/** `O` for each sample after which the process is overloaded, `-` for the others. */
async function overloadsAfter(samples: readonly Load[]): Promise<string> {
  const clock = new FakeClock();
  const remaining = [...samples];
  const gauge = { sample: () => remaining.shift() ?? fine, stop: () => {} };
  const watch = new LoadMonitor(clock, gauge, defaultLoadLimits);
  let overloads = '';
  for (let taken = 0; taken < samples.length; taken += 1) {
    await clock.advance(1_000);
    overloads += watch.isOverloaded ? 'O' : '-';
  }
  watch.stop();
  expect(clock.pendingTimers).toBe(0);
  return overloads;
}

const repeat = (count: number, ...samples: readonly Load[]): Load[] =>
  Array.from({ length: count }, () => samples).flat();

test.each([
  ['one block of ten seconds is no overload', [blocked(10_000), ...repeat(9, fine)], '----------'],
  [
    'an event for ten thousand readers every three seconds is no overload',
    repeat(6, blocked(340), fine, fine),
    '-'.repeat(18),
  ],
  ['five slow seconds in a row are an overload', repeat(7, blocked(250)), '----OOO'],
  ['five slow seconds, every other one, are an overload', repeat(5, blocked(900), fine), '--------OO'],
  ['repeated blocks of two seconds are an overload', repeat(4, blocked(2_000)), '-OOO'],
  ['three seconds without an idle moment are an overload', repeat(5, busy), '--OOO'],
  ['two busy seconds are no overload', [busy, busy, ...repeat(8, fine)], '----------'],
  ['a delay at the limit is no overload', repeat(7, blocked(200)), '-------'],
  ['three fine seconds end an overload', [...repeat(5, blocked(300)), ...repeat(5, fine)], '----OOO---'],
  [
    'a slow second among fine ones prolongs an overload',
    [...repeat(5, blocked(300)), fine, fine, blocked(300), fine],
    '----OOOOO',
  ],
  [
    'a slow second right after an overload is an overload',
    [...repeat(6, blocked(300)), ...repeat(3, fine), blocked(300)],
    '----OOOO-O',
  ],
  [
    'a slow second some time after an overload is none',
    [...repeat(6, blocked(300)), ...repeat(9, fine), blocked(300)],
    '----OOOO--------',
  ],
  ['memory over the limit is an overload', [fine, full, full, fine, fine, fine], '-OOOO-'],
])('%s', async (_, samples, expected) => {
  expect(await overloadsAfter(samples)).toBe(expected);
});
