/** GraphQL Inspector, as a team runs it in its own checks: the schema against the last release, and its documents. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acceptedChanges } from '../../unit/schema/accepted-changes.ts';
import { makeWorkspace } from './workspace.ts';

const inspector = '@graphql-inspector/cli/cjs/index.js';
const releases = join(import.meta.dirname, '..', '..', 'unit', 'schema');

test('It finds no change since the release that could break a client, except for those that are accepted', async () => {
  const { folder, run } = makeWorkspace();
  const [released = ''] = readdirSync(releases).filter((name) => /^released-.*\.graphql$/.test(name));
  cpSync(join(releases, released), join(folder, 'released.graphql'));
  const { output } = await run(inspector, 'diff', 'released.graphql', 'schema.graphql');
  const breaking = output.split('\n').flatMap((line) => /✖ {2}(.*)$/.exec(line)?.[1] ?? []);
  // The command prints names in bold and without quotes.
  expect(breaking.toSorted()).toEqual(acceptedChanges.map((change) => change.replaceAll("'", '')).toSorted());
  expect(output).toMatch(breaking.length === 0 ? /No breaking changes|No changes/ : /Detected \d+ breaking changes?/);
});

test('It finds the ready operations valid, and without deprecated fields', async () => {
  const { run } = makeWorkspace();
  const result = await run(inspector, 'validate', 'operations/*.graphql', 'schema.graphql', '--deprecated');
  expect(result).toMatchObject({ code: 0, output: expect.stringContaining('All documents are valid') });
});

test('It finds a document that uses a field which the schema lacks', async () => {
  const { run, write } = makeWorkspace();
  write('operations/wrong.graphql', 'query Wrong { jobs { nodes { name } } }\n');
  const { code, output } = await run(inspector, 'validate', 'operations/*.graphql', 'schema.graphql');
  expect([code, output]).toEqual([1, expect.stringContaining('name')]);
});
