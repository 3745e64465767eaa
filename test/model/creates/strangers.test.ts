/**
 * However replies are written and whatever jobs others create: no key has two running jobs, and a stranger's job is
 * cancelled only if it was created when an attempt was sent.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRuns } from '../runs.ts';
import { runAmongStrangers, strangerScenario } from './strangers-model.ts';

test('among strangers who create equal and nearly equal jobs each key has one running job, or an outcome that is unknown for good', async () => {
  const tally = { lost: 0, unknown: 0, cancelled: 0, strangersBound: 0 };
  await fc.assert(
    fc.asyncProperty(strangerScenario, (scenario) => runAmongStrangers(scenario, tally)),
    { numRuns: createRuns, endOnFailure: true },
  );
  // The cases of the property do occur.
  expect(tally.lost).toBeGreaterThan(createRuns / 2);
  expect(tally.unknown).toBeGreaterThan(createRuns / 20);
}, 1_200_000);
