/** U16: many failures are not answered with many retries. The figure is G12: at most 1.10 requests a call. */
import { describe, expect, test } from 'vitest';
import { outcomeOf, reads } from './calls.ts';
import { startWorld } from './world.ts';

describe.each(reads)('$name', (call) => {
  test.each([
    ['every answer fails', () => 1_000],
    ['every other answer fails', (made: number) => (made % 2 === 0 ? 1 : 0)],
    [
      'the service fails for twenty calls and works for twenty, by turns',
      (made: number) => (made % 40 < 20 ? 1_000 : 0),
    ],
  ])(
    'U16 where %s, 200 calls make at most 220 requests (the breaker belongs to a later capability)',
    async (_, failures) => {
      const world = await startWorld();
      for (let made = 0; made < 200; made += 1) {
        await world.heal();
        const times = failures(made);
        if (times > 0) await world.fail(call.operation, { status: 503 }, times);
        await outcomeOf(call, world);
      }
      const sent = (await world.requests())[call.operation] ?? 0;
      expect(sent).toBeGreaterThan(200);
      expect(sent).toBeLessThanOrEqual(220);
    },
  );

  test('U16 in a total outage 200 calls at once make at most 220 requests', async () => {
    const world = await startWorld();
    await world.fail('*', { status: 500 }, 1_000);
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => outcomeOf(call, world)));
    expect(outcomes).not.toContain('done');
    expect((await world.requests())[call.operation]).toBeLessThanOrEqual(220);
  });
});
