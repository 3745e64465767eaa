/** Tests that are tried under several seeds of the emulator's variety. */
import { inject, test } from 'vitest';

/** `VARIETY_SEEDS`, such as `1,2`, repeats a run; without it a long run tries seeds that no run before it did. */
function seeds(): readonly string[] {
  const given = process.env['VARIETY_SEEDS'];
  if (given !== undefined) return given.split(',');
  return inject('isLongRun') ? Array.from({ length: 40 }, () => String(Math.floor(Math.random() * 1e9))) : ['1', '2'];
}

/** `test` for a body that is tried under each seed. A failure says how to repeat it, by `command` with the test's name behind it. */
export function seededBy(command: string) {
  return (title: string, body: (seed: string) => Promise<void>): void => {
    test.each(seeds())(`with the seed %s ${title}`, async (seed) => {
      try {
        await body(seed);
      } catch (error) {
        if (error instanceof Error) error.message += `\nto repeat: VARIETY_SEEDS=${seed} ${command} -t '${title}'`;
        throw error;
      }
    });
  };
}
