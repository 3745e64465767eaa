/** GraphQL Code Generator with its client preset, as a team uses it: on the schema and the ready operations. */
import { expect, test } from 'vitest';
import { readyOperations } from '../../support/ready-operations.ts';
import { makeWorkspace, strictTypeScript } from './workspace.ts';

/** What an application does with the generated types; each line that must not compile says so. */
const application = `
import type { FailedJobsQuery, JobsByTypeQueryVariables } from './gql/graphql.js';
import { FailedJobsDocument, WatchImportDocument } from './gql/graphql.js';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

declare function ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Result;

export function why({ jobs }: FailedJobsQuery): readonly (string | null)[] {
  return jobs.nodes.map((job) => {
    // @ts-expect-error An entry may be null.
    job.state;
    // @ts-expect-error Only jobs of Data Exchange have a type.
    job?.type;
    // @ts-expect-error The document does not select it.
    job?.arn;
    if (job?.state === 'FAILED' && 'type' in job) return job.errors?.[0]?.hint ?? null;
    // @ts-expect-error There is no such state.
    return job?.state === 'SOMETHING' ? null : (job?.statusMessage ?? null);
  });
}

export const types: JobsByTypeQueryVariables = { types: ['IMPORT_ASSETS_FROM_S3'] };
// @ts-expect-error There is no such type.
export const wrong: JobsByTypeQueryVariables = { types: ['IMPORT'] };

export const failed = ask(FailedJobsDocument, { since: '2026-01-24T00:00:00Z' });
// @ts-expect-error An instant is a string.
ask(FailedJobsDocument, { since: 5 });

const { jobStateChanged } = ask(WatchImportDocument, { id: 'x' });
export const state = jobStateChanged.__typename === 'JobStateChange' ? jobStateChanged.state : undefined;
`;

test('Its output for the ready operations compiles in a strict project, and refuses what the schema lacks', async () => {
  const { run, read, write } = makeWorkspace();
  write('codegen.json', {
    schema: 'schema.graphql',
    documents: ['operations/*.graphql'],
    generates: {
      'gql/': {
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          useTypeImports: true,
          nonOptionalTypename: true,
          scalars: { DateTime: 'string' },
          // With `verbatimModuleSyntax` and `nodenext`, imports have their extension.
          emitLegacyCommonJSImports: false,
        },
      },
    },
  });
  const generated = await run('@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.json');
  expect(generated).toMatchObject({ code: 0 });
  for (const { name } of readyOperations) expect(read('gql/graphql.ts')).toContain(`export const ${name}Document =`);
  write('application.ts', application);
  write('tsconfig.json', {
    compilerOptions: { ...strictTypeScript, noEmit: true },
    include: ['application.ts', 'gql'],
  });
  expect(await run('typescript/bin/tsc', '--project', '.')).toEqual({ code: 0, output: '' });
});
