/**
 * Refuses a release whose version promises more than its schema keeps, or that the changelog does not describe. Run by `npm version`
 * before it changes anything.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { unreleasedPart } from './changelog.js';
import { nextVersion } from './next-version.js';

const version = nextVersion();
const faults = [...(await schemaFaults(version)), ...changelogFaults()];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Before 1.0 a minor version may break clients, as Semantic Versioning has it; each such change was accepted with its reason by a test. */
async function schemaFaults({ from, to, raises, isBeforeOne }) {
  if (raises === 'major' || (raises === 'minor' && isBeforeOne)) return [];
  const released = releasedSchema(from);
  const changes = await diff(buildSchema(released.text), buildSchema(readFileSync('schema.graphql', 'utf8')));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  if (breaking.length === 0) return [];
  const need = isBeforeOne ? 'a minor version' : 'a major version';
  return [
    `schema.graphql: expected nothing that breaks clients of ${from} in ${to}, found what needs ${need} (compared with ${released.name}):`,
    ...breaking.map(({ message }) => `  ${message}`),
  ];
}

/** That of the tag; in a repository without its tags the copy that the tests compare with. */
function releasedSchema(from) {
  const name = `v${from}:schema.graphql`;
  try {
    return {
      name,
      text: execFileSync('git', ['show', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    };
  } catch {
    const folder = join('test', 'unit', 'schema');
    const copy = readdirSync(folder).find((file) => file === `released-${from}.graphql`);
    if (copy === undefined)
      throw new Error(`expected the tag v${from} or ${folder}/released-${from}.graphql, found neither`);
    return { name: join(folder, copy), text: readFileSync(join(folder, copy), 'utf8') };
  }
}

function changelogFaults() {
  const { text } = unreleasedPart(readFileSync('CHANGELOG.md', 'utf8'));
  return text.trim() === '' ? ['CHANGELOG.md: expected what has changed below "## Unreleased", found nothing'] : [];
}
