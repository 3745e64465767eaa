/** Decides from sequences of samples when memory counts as full. */
import { expect, test } from 'vitest';
import { MemoryMonitor } from '../../../src/transport/memory-monitor.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const fine = 0.4;
const full = 0.86;

/** `F` for each sample after which memory is full, `-` for the others. */
async function fullAfter(samples: readonly number[]): Promise<string> {
  const clock = new FakeClock();
  const remaining = [...samples];
  const monitor = new MemoryMonitor(clock, { usedShare: () => remaining.shift() ?? fine, stop: () => {} });
  let verdicts = monitor.isFull ? 'F' : '';
  for (let taken = 0; taken < samples.length; taken += 1) {
    await clock.advance(1_000);
    verdicts += monitor.isFull ? 'F' : '-';
  }
  monitor.stop();
  expect(clock.pendingTimers).toBe(0);
  return verdicts;
}

test.each([
  [
    'memory over the limit is full at once, and no more after three fine samples',
    [fine, full, full, fine, fine, fine, fine],
    '-FFFF--',
  ],
  ['a share at the limit is fine', [0.85, 0.85], '--'],
  ['a full sample among fine ones prolongs it', [full, fine, fine, full, fine, fine, fine], 'FFFFFF-'],
])('%s', async (_, samples, expected) => {
  expect(await fullAfter(samples)).toBe(expected);
});
