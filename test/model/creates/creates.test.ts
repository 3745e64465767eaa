/** However creates fail, each key has one job that is created or started. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRuns } from '../runs.ts';
import { command, runCommands } from './creates-model.ts';

test.each([1, 2])(
  'over %i gateways, whatever fails and whenever one crashes, each key has one running job, one created parcel, one data set and one revision',
  async (gateways) => {
    let creates = 0;
    let crashes = 0;
    const commands = fc.array(command, { minLength: 5, maxLength: 30 });
    const run = async (given: Parameters<typeof runCommands>[0]) => {
      const ran = await runCommands(given, gateways);
      creates += ran.creates;
      crashes += ran.crashes;
    };
    await fc.assert(fc.asyncProperty(commands, run), { numRuns: createRuns, endOnFailure: true });
    // More than ten thousand in the long run.
    expect(creates).toBeGreaterThan(7 * createRuns);
    expect(crashes).toBeGreaterThan(createRuns / 2);
  },
  1_200_000,
);
