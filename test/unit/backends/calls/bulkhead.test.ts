import { expect, test } from 'vitest';
import { Bulkhead } from '../../../../src/backends/calls/bulkhead.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const patient = new AbortController().signal;

function bulkheadOf(clock: FakeClock) {
  const loads: string[] = [];
  const onChange = ({ inFlight, queued }: { inFlight: number; queued: number }) => loads.push(`${inFlight}+${queued}`);
  return { bulkhead: new Bulkhead({ clock, inFlight: 1, queued: 2, waitMs: 3_000, onChange }), loads };
}

test('Requests beyond the max in flight wait, and one beyond the max in the queue is refused', async () => {
  const { bulkhead, loads } = bulkheadOf(new FakeClock());
  expect(await bulkhead.enter(patient)).toBe('entered');
  void bulkhead.enter(patient);
  void bulkhead.enter(patient);
  expect(await bulkhead.enter(patient)).toBe('full');
  expect(loads).toEqual(['1+0', '1+1', '1+2']);
});

test('Waiters enter in order of arrival, before a request that arrives at that moment', async () => {
  const { bulkhead } = bulkheadOf(new FakeClock());
  const order: string[] = [];
  const enter = (name: string) => bulkhead.enter(patient).then((entry) => order.push(`${name} ${entry}`));
  await enter('first');
  const second = enter('second');
  bulkhead.leave();
  const third = enter('third');
  await second;
  bulkhead.leave();
  await third;
  expect(order).toEqual(['first entered', 'second entered', 'third entered']);
});

test('A request that stops waiting leaves the queue and frees its place', async () => {
  const clock = new FakeClock();
  const { bulkhead, loads } = bulkheadOf(clock);
  await bulkhead.enter(patient);
  const leaving = new AbortController();
  const gone = [bulkhead.enter(leaving.signal), bulkhead.enter(leaving.signal)];
  expect(await bulkhead.enter(patient)).toBe('full');
  leaving.abort();
  expect(await Promise.all(gone)).toEqual(['gone', 'gone']);
  expect([clock.pendingTimers, loads.at(-1)]).toEqual([0, '1+0']);
  const next = bulkhead.enter(patient);
  bulkhead.leave();
  expect(await next).toBe('entered');
  expect(await bulkhead.enter(leaving.signal)).toBe('gone');
});

test('A request leaves the queue after the max wait', async () => {
  const clock = new FakeClock();
  const { bulkhead, loads } = bulkheadOf(clock);
  await bulkhead.enter(patient);
  const waiting = bulkhead.enter(patient);
  await clock.advance(3_000);
  expect(await waiting).toBe('late');
  bulkhead.leave();
  expect(loads.at(-1)).toBe('0+0');
});
