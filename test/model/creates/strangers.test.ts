/** However replies are written and whoever else makes jobs, no key has two that run, and no stranger's job is cancelled that was not made just when an attempt was sent. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRuns } from '../runs.ts';
import { liveAmongStrangers, strangeLife } from './strangers-model.ts';

test('among strangers who make equal and nearly equal jobs a key has one job that runs, or says that it cannot know', async () => {
  const tally = { lost: 0, unknown: 0, cancelled: 0, strangersBound: 0 };
  await fc.assert(
    fc.asyncProperty(strangeLife, (life) => liveAmongStrangers(life, tally)),
    { numRuns: createRuns, endOnFailure: true },
  );
  // What the property is about does happen.
  expect(tally.lost).toBeGreaterThan(createRuns / 2);
  expect(tally.unknown).toBeGreaterThan(createRuns / 20);
}, 1_200_000);
