/** T15, by counts: whoever asks far too much is refused, at no cost to the services and at none to the others. */
import { expect, test } from 'vitest';
import { codesOf, everyRight, startGuarded } from '../../support/guarded-gateway.ts';

const page = '{ jobs(first: 1) { nodes { id } } }';

test('T15 a caller at a hundred times the rate is refused, and the other has every answer', {
  timeout: 60_000,
}, async () => {
  const gateway = await startGuarded(
    { a: everyRight, b: everyRight, scout: everyRight },
    { WAYBILL_MAX_COST_PER_MINUTE: '40' },
  );
  const ask = async (name: string): Promise<string> =>
    String(codesOf(await gateway.askAs(name, page))[0] ?? 'answered');
  let share = 0;
  while ((await ask('scout')) === 'answered') share += 1;
  expect(share).toBeGreaterThan(2);
  await gateway.emulator.forgetRequests();
  const told: string[] = [];
  const flood = Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let count = 0; count < share * 5; count += 1) told.push(await ask('a'));
    }),
  );
  const others: string[] = [];
  for (let count = 0; count < share; count += 1) others.push(await ask('b'));
  await flood;
  expect(others).toEqual(Array(share).fill('answered'));
  expect(told.filter((each) => each === 'answered').length).toBe(share);
  expect(new Set(told)).toEqual(new Set(['answered', 'RATE_LIMITED']));
  // A page costs a call to each service at most: what was refused cost none.
  const calls = Object.values(await gateway.emulator.requests()).reduce((sum, count) => sum + count, 0);
  expect(calls).toBeLessThanOrEqual(2 * 2 * share);
});
