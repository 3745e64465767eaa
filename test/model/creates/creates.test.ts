/** However creates fail, one job a key is started, or made. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRuns } from '../runs.ts';
import { command, live } from './creates-model.ts';

test.each([1, 2])(
  'over %i gateways, whatever fails and whenever one crashes, a key has one job that runs, and one that is made',
  async (gateways) => {
    let creates = 0;
    let crashes = 0;
    const commands = fc.array(command, { minLength: 5, maxLength: 30 });
    const run = async (given: Parameters<typeof live>[0]) => {
      const lived = await live(given, gateways);
      creates += lived.creates;
      crashes += lived.crashes;
    };
    await fc.assert(fc.asyncProperty(commands, run), { numRuns: createRuns, endOnFailure: true });
    // More than ten thousand, in the long run.
    expect(creates).toBeGreaterThan(7 * createRuns);
    expect(crashes).toBeGreaterThan(createRuns / 2);
  },
  1_200_000,
);
