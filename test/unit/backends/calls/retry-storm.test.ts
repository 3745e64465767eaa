/** An outage does not cause a retry storm: at most 1.10 requests for each call. */
import { describe, expect, test } from 'vitest';
import { type Call, outcomeOf, reads } from './calls.ts';
import { startWorld } from './world.ts';

/** The outcomes of 200 calls, one after another, and the number of requests that they make. */
async function outcomesOf(call: Call, failures: (made: number) => number) {
  const world = await startWorld();
  const outcomes: string[] = [];
  for (let made = 0; made < 200; made += 1) {
    await world.heal();
    const times = failures(made);
    if (times > 0) await world.fail(call.operation, { status: 503 }, times);
    outcomes.push(await outcomeOf(call, world));
  }
  return { outcomes, sent: (await world.requests())[call.operation] ?? 0 };
}

describe.each(reads)('$name', (call) => {
  test('If every answer fails, ten requests are sent, and the breaker refuses the rest', async () => {
    const { outcomes, sent } = await outcomesOf(call, () => 1_000);
    expect(new Set(outcomes)).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    expect(sent).toBe(10);
  });

  test('If one answer in three fails, the breaker stays closed and few calls are retried', async () => {
    const { outcomes, sent } = await outcomesOf(call, (made) => (made % 3 === 0 ? 1 : 0));
    expect(outcomes.filter((outcome) => outcome === 'done').length).toBeGreaterThan(200 / 2);
    expect(sent).toBeGreaterThan(200);
    expect(sent).toBeLessThanOrEqual(220);
  });

  test('If the service alternates between twenty failures and twenty answers, the breaker opens', async () => {
    const { outcomes, sent } = await outcomesOf(call, (made) => (made % 40 < 20 ? 1_000 : 0));
    expect(outcomes).not.toContain('done');
    expect(sent).toBe(10);
  });

  test('In a total outage 200 simultaneous calls make at most 220 requests', async () => {
    const world = await startWorld();
    await world.fail('*', { status: 500 }, 1_000);
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => outcomeOf(call, world)));
    expect(outcomes).not.toContain('done');
    expect((await world.requests())[call.operation]).toBeLessThanOrEqual(220);
  });
});
