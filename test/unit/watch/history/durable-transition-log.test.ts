/** The durable log over kills, power cuts and failing stores: no lost entry is skipped silently. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { numberKey } from '../../../../src/store/store.ts';
import { openTransitionLog } from '../../../../src/watch/history/durable-transition-log.ts';
import { FakeClock, settle } from '../../../support/fake-clock.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { jobs, observe, retention, states } from '../../../support/observed-jobs.ts';

const [job = { service: 'IMPORT_EXPORT', awsJobId: '' }] = jobs;

test('a cursor from before a restart is valid after it, and so are sequences and the id', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const before = await openTransitionLog(store, clock);
  const first = await observe(before, job, 'WAITING', clock.now());
  await observe(before, job, 'IN_PROGRESS', clock.now());
  await before.close();

  const after = await openTransitionLog(store.survivor(), clock);
  expect(after.id).toBe(before.id);
  expect(after.head).toBe(before.head);
  expect(after.last(job)).toMatchObject({ sequence: 2, to: 'IN_PROGRESS' });
  expect(after.since(after.head)).toEqual([]);
  await observe(after, job, 'COMPLETED', clock.now());
  expect(after.since(first.offset)).toMatchObject([
    { sequence: 2, job, from: 'WAITING', to: 'IN_PROGRESS', observedAt: new Date(clock.now()) },
    { sequence: 3, to: 'COMPLETED' },
  ]);
});

test('after a kill the offsets that may have been issued are never reused, and a cursor among them is too old', async () => {
  const store = new MemoryStore();
  const before = await openTransitionLog(store, new FakeClock());
  const written = await observe(before, job, 'WAITING');
  await settle();
  store.isHeld = true;
  const lost = await observe(before, job, 'IN_PROGRESS');

  const after = await openTransitionLog(store.survivor(), new FakeClock());
  expect(after.since(lost.offset)).toBeUndefined();
  expect(after.since(written.offset)).toEqual([]);
  expect(await observe(after, job, 'COMPLETED')).toMatchObject({ from: 'WAITING', sequence: 2 });
  expect(after.since(lost.offset)).toBeUndefined();
  expect(after.since(written.offset)).toMatchObject([{ to: 'COMPLETED' }]);
});

test('a store that fails for a while loses nothing', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const log = await openTransitionLog(store, clock);
  store.isDown = true;
  await observe(log, job, 'WAITING');
  await clock.advance(5_000);
  await observe(log, job, 'IN_PROGRESS');
  expect(await log.history(job, { limit: 10 })).toMatchObject([{ to: 'IN_PROGRESS' }, { to: 'WAITING' }]);
  store.isDown = false;
  await clock.advance(1_000);
  await settle();
  const after = await openTransitionLog(store.survivor(), clock);
  expect(after.since(0)).toMatchObject([{ to: 'WAITING' }, { to: 'IN_PROGRESS' }]);
});

test('if entries that wait for a store are dropped, a cursor before them is too old after a restart', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const log = await openTransitionLog(store, clock);
  const first = await observe(log, job, 'WAITING');
  await settle();
  store.isDown = true;
  for (let round = 0; round < 5_001; round += 1) {
    await observe(log, job, 'IN_PROGRESS');
    await observe(log, job, 'WAITING');
  }
  store.isDown = false;
  await clock.advance(1_000);
  await expect.poll(() => store.count('transitions')).toBe(10_001);
  const after = await openTransitionLog(store.survivor(), clock);
  expect(after.since(first.offset)).toBeUndefined();
});

test('history reaches back beyond memory, page by page, and holds one job only', async () => {
  const log = await openTransitionLog(new MemoryStore(), new FakeClock(), { ...retention, transitions: 1_000 });
  for (const to of Array.from({ length: 30 }, (_, index) => states[index % 2] ?? 'WAITING'))
    for (const each of jobs) await observe(log, each, to);
  await settle();
  const first = await log.history(job, { limit: 20 });
  const second = await log.history(job, { limit: 20, before: first.at(-1)?.offset ?? 0 });
  const sequences = [...first, ...second].map(({ sequence }) => sequence);
  expect(sequences).toEqual(Array.from({ length: 30 }, (_, index) => 30 - index));
});

test('entries beyond the max age are deleted, with the head and the history of their job', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const log = await openTransitionLog(store, clock, retention);
  await observe(log, job, 'WAITING', clock.now());
  await settle();
  await clock.advance(retention.ageMs + 3_600_000);
  const [, other = job] = jobs;
  await observe(log, other, 'WAITING', clock.now());
  await settle();
  await log.close();
  const after = await openTransitionLog(store.survivor(), clock, retention);
  expect(after.last(job)).toBeUndefined();
  expect(await after.history(job, { limit: 10 })).toEqual([]);
  expect(after.since(0)).toBeUndefined();
  expect(after.last(other)).toMatchObject({ to: 'WAITING' });
});

test('unknown members of a newer version are ignored, and unreadable entries are skipped, counted, and deleted when they are old', async () => {
  const store = new MemoryStore();
  const before = await openTransitionLog(store, new FakeClock());
  const first = await observe(before, job, 'WAITING');
  const second = await observe(before, job, 'IN_PROGRESS');
  await observe(before, job, 'COMPLETED');
  await before.close();
  const put = async (collection: string, key: string, change: object): Promise<void> => {
    const entry = z.object({ v: z.number(), value: z.looseObject({}) }).parse(await store.read(collection, key));
    const value = { ...entry, value: { ...entry.value, ...change }, newer: true };
    await store.write([{ collection, key, value }], 'lazy');
  };
  const [[head = ''] = []] = await store.list('heads', {});
  await put('log', 'mark', { newer: true });
  await put('heads', head, { newer: true });
  await put('transitions', numberKey(first.offset), { newer: true });
  await put('transitions', numberKey(second.offset), { kind: 'of a newer version' });
  for (const [key] of (await store.list('history', {})).slice(0, 1))
    await put('history', key, { sequence: 'of a newer version' });

  const unreadable: string[] = [];
  const limits = { ...retention, transitions: 2 };
  const after = await openTransitionLog(store, new FakeClock(), limits, (collection) => unreadable.push(collection));
  expect(unreadable).toEqual(['transitions']);
  expect(after.last(job)).toMatchObject({ sequence: 3, to: 'COMPLETED' });
  expect(after.since(first.offset)).toMatchObject([{ to: 'COMPLETED' }]);
  expect(after.since(second.offset)).toMatchObject([{ to: 'COMPLETED' }]);
  expect(await after.history(job, { limit: 9 })).toMatchObject([{ sequence: 3 }, { sequence: 2 }, { sequence: 1 }]);
  expect(unreadable).toEqual(['transitions', 'history']);
  for (const state of ['WAITING', 'IN_PROGRESS', 'WAITING'] as const) await observe(after, job, state);
  await after.close();
  expect(await store.read('transitions', numberKey(second.offset))).toBeUndefined();
});
