/** gql.tada, which checks documents in TypeScript against the schema, without generated code for each. */
import { expect, test } from 'vitest';
import { readyOperations } from '../../support/ready-operations.ts';
import { makeWorkspace, strictTypeScript } from './workspace.ts';

const setUp = `
import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';
export const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>();
`;

const declarations = readyOperations.map(({ name, text }) => `export const ${name} = graphql(\`\n${text}\n\`);\n`);

const application = `${setUp}
${declarations.join('')}
import type { ResultOf, VariablesOf } from 'gql.tada';

export const variables: VariablesOf<typeof FailedJobs> = { since: '2026-01-24T00:00:00Z' };
// @ts-expect-error The instant is needed.
export const none: VariablesOf<typeof FailedJobs> = {};
type Job = NonNullable<ResultOf<typeof FailedJobs>['jobs']['nodes'][number]>;
export type Reason = Job['statusMessage'];
export const reason: Reason = null;
// @ts-expect-error A reason is a text.
export const wrong: Reason = 5;
`;

function workspaceOf(source: string) {
  const workspace = makeWorkspace();
  const plugin = { name: 'gql.tada/ts-plugin', schema: './schema.graphql', tadaOutputLocation: './graphql-env.d.ts' };
  const compilerOptions = { ...strictTypeScript, noEmit: true, plugins: [plugin] };
  workspace.write('tsconfig.json', { compilerOptions, include: ['application.ts', 'graphql-env.d.ts'] });
  workspace.write('application.ts', source);
  return workspace;
}

test('It finds no fault in the ready operations, and their types compile in a strict project', async () => {
  const { run } = workspaceOf(application);
  expect(await run('gql.tada/bin/cli.js', 'generate-output')).toMatchObject({ code: 0 });
  expect(await run('gql.tada/bin/cli.js', 'check', '--fail-on-warn', '--level', 'info')).toMatchObject({ code: 0 });
  expect(await run('typescript/bin/tsc', '--project', '.')).toEqual({ code: 0, output: '' });
});

test('It finds a field that the schema lacks', async () => {
  const { run } = workspaceOf(`${setUp}export const Wrong = graphql(\`query Wrong { jobs { nodes { name } } }\`);\n`);
  await run('gql.tada/bin/cli.js', 'generate-output');
  const { code, output } = await run('gql.tada/bin/cli.js', 'check');
  expect([code, output]).toEqual([1, expect.stringContaining('Cannot query field "name" on type "Job"')]);
});
