/** Relay's compiler, which checks documents, adds ids to them, and needs connections by its own conventions. */
import { expect, test } from 'vitest';
import { readyOperations } from '../../support/ready-operations.ts';
import { compileRelay, moduleOf, relayName, writeReadyModules } from './relay.ts';
import { makeWorkspace, strictTypeScript } from './workspace.ts';

/** A list that grows as it is scrolled. The size of a page is an `Int`, as the argument is: with `Int!` Relay has no default. */
const board = `
fragment BoardJobs_jobs on Query
@refetchable(queryName: "BoardJobsPageQuery")
@argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "String" }) {
  jobs(first: $count, after: $cursor) @connection(key: "BoardJobs_jobs") {
    edges { node { state ... on DataExchangeJob { details { dataSet { name } } } } }
    unavailableServices { service message }
  }
}`;

const assets = `
fragment RevisionAssets_revision on Revision
@refetchable(queryName: "RevisionAssetsPageQuery")
@argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "String" }) {
  assets(first: $count, after: $cursor) @connection(key: "RevisionAssets_assets") { edges { node { name } } }
}`;

const project = { language: 'typescript' } as const;

test('It compiles the ready operations, and its types compile in a strict project', async () => {
  const workspace = makeWorkspace();
  writeReadyModules(workspace, project);
  expect(await compileRelay(workspace, project)).toMatchObject({ code: 0 });
  for (const operation of readyOperations)
    expect(workspace.read(`src/artifacts/${relayName(operation)}.graphql.ts`)).toContain(`"${relayName(operation)}"`);
  const compilerOptions = { ...strictTypeScript, module: 'esnext', moduleResolution: 'bundler', noEmit: true };
  workspace.write('tsconfig.json', { compilerOptions, include: ['src'] });
  expect(await workspace.run('typescript/bin/tsc', '--project', '.')).toEqual({ code: 0, output: '' });
});

test('It pages through connections of the query and of nodes', async () => {
  const workspace = makeWorkspace();
  workspace.write('src/BoardJobs.ts', moduleOf(board));
  workspace.write('src/RevisionAssets.ts', moduleOf(assets));
  expect(await compileRelay(workspace, project)).toMatchObject({ code: 0 });
  const page = workspace.read('src/artifacts/RevisionAssetsPageQuery.graphql.ts');
  for (const part of ['node(id: $id)', 'endCursor', 'hasNextPage']) expect(page).toContain(part);
});

test('It finds a field that the schema lacks', async () => {
  const workspace = makeWorkspace();
  workspace.write('src/Wrong.ts', moduleOf('query WrongQuery { jobs { nodes { name } } }'));
  const { code, output } = await compileRelay(workspace, project);
  expect([code, output]).toEqual([expect.any(Number), expect.stringContaining('no field `name`')]);
  expect(code).not.toBe(0);
});
