/** A caller over the rate is refused, at no cost to the services or to other callers. */
import { expect, test } from 'vitest';
import { codesOf, everyRight, startGuarded } from '../../support/guarded-gateway.ts';

const page = '{ jobs(first: 1) { nodes { id } } }';

test('A caller at a hundred times the rate is refused, and another gets every answer', {
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
  const outcomes: string[] = [];
  const flood = Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let count = 0; count < share * 5; count += 1) outcomes.push(await ask('a'));
    }),
  );
  const others: string[] = [];
  for (let count = 0; count < share; count += 1) others.push(await ask('b'));
  await flood;
  expect(others).toEqual(Array(share).fill('answered'));
  expect(outcomes.filter((each) => each === 'answered').length).toBe(share);
  expect(new Set(outcomes)).toEqual(new Set(['answered', 'RATE_LIMITED']));
  // A page causes at most one call to each service; refused pages caused none.
  const calls = Object.values(await gateway.emulator.requests()).reduce((sum, count) => sum + count, 0);
  expect(calls).toBeLessThanOrEqual(2 * 2 * share);
});

test('A caller without points is refused before the body is read', async () => {
  const records: object[] = [];
  const gateway = await startGuarded(
    { a: everyRight, b: everyRight },
    { WAYBILL_MAX_COST_PER_MINUTE: '5' },
    undefined,
    {
      onOperation: (record) => records.push(record),
    },
  );
  const send = (name: string): Promise<Response> =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.tokenOf(name)}`, 'content-type': 'application/json' },
      body: '{ this is no JSON',
    });
  expect((await send('a')).status).toBe(400);
  while (codesOf(await gateway.askAs('a', page))[0] === undefined);
  const refused = await send('a');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true } }] });
  expect(records.at(-1)).toMatchObject({ transport: 'http', codes: ['RATE_LIMITED'], caller: expect.any(String) });
  expect((await send('b')).status).toBe(400);
});
