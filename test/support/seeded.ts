/** Runs tests with several seeds of the emulator's variety. */
import { inject, test } from 'vitest';

/** `VARIETY_SEEDS`, such as `1,2`, repeats a run; without it a long run uses new random seeds. */
function seeds(): readonly string[] {
  const seedList = process.env['VARIETY_SEEDS'];
  if (seedList !== undefined) return seedList.split(',');
  return inject('isLongRun') ? Array.from({ length: 40 }, () => String(Math.floor(Math.random() * 1e9))) : ['1', '2'];
}

/** `test` with each seed. A failure says how to repeat it: `command` with the name of the test. */
export function seededBy(command: string) {
  return (title: string, body: (seed: string) => Promise<void>): void => {
    test.each(seeds())(`With the seed %s ${title}`, async (seed) => {
      try {
        await body(seed);
      } catch (error) {
        if (error instanceof Error) error.message += `\nto repeat: VARIETY_SEEDS=${seed} ${command} -t '${title}'`;
        throw error;
      }
    });
  };
}
