/** The versions of a release, as npm tells them to the scripts that it runs before and after it sets the new one. */
import { argv, env } from 'node:process';

/**
 * @returns the old and the new version, and which of its numbers is raised. Throws where npm does not run the script: it is for
 * `npm version patch`, `minor` or `major`.
 */
export function nextVersion() {
  const { npm_old_version: from, npm_new_version: to } = env;
  if (!from || !to)
    throw new Error(`${argv[1]}: expected to be run by npm version, which names both versions; received none`);
  const [before, after] = [from, to].map((version) => version.split(/[.-]/, 3).map(Number));
  const at = before.findIndex((number, index) => number !== after[index]);
  return { from, to, raises: ['major', 'minor', 'patch'][at] ?? 'patch', isBeforeOne: before[0] === 0 };
}
