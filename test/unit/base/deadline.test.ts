import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { deadlineAfter, following, orAborted } from '../../../src/base/deadline.ts';
import { FakeClock } from '../../support/fake-clock.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('a signal that follows others fires with the first of them, and with its reason', () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const { signal } = following(first.signal, second.signal);
  second.abort('second');
  first.abort('first');
  expect([signal.aborted, signal.reason]).toEqual([true, 'second']);
});

test('a signal that follows an aborted one is aborted', () => {
  expect(following(AbortSignal.abort('before')).signal.reason).toBe('before');
});

test('a released signal no longer follows its source', () => {
  const source = new AbortController();
  const { signal, release } = following(source.signal);
  release();
  source.abort();
  expect(signal.aborted).toBe(false);
});

test('a deadline fires on time despite garbage collections', async () => {
  const gone = new AbortController();
  const waiting = Array.from({ length: 20 }, () => {
    const signals = [
      deadlineAfter(30, gone.signal, systemClock).signal,
      following(gone.signal, AbortSignal.timeout(30)).signal,
    ];
    return signals.map((signal) => orAborted(new Promise(() => {}), signal).catch((error: Error) => error.name));
  });
  collectGarbage();
  await sleep(10);
  collectGarbage();
  const names = await Promise.race([Promise.all(waiting.flat()), sleep(5_000, 'hung')]);
  expect(new Set(names)).toEqual(new Set(['TimeoutError']));
});

test('a deadline whose source has aborted leaves no timer behind', () => {
  const clock = new FakeClock();
  const gone = new AbortController();
  const { signal } = deadlineAfter(1_000, gone.signal, clock);
  gone.abort('gone');
  expect([signal.reason, clock.pendingTimers]).toEqual(['gone', 0]);
});
