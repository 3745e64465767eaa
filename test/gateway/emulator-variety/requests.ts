/** Requests of the variety tests. Each expects a response without errors. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { field, type TestGateway } from '../../support/gateway.ts';

/** After this time the emulator's lists have all new jobs. */
export const settledMs = 1_300;

export async function dataOf(
  { ask }: Pick<TestGateway, 'ask'>,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const { data, errors } = await ask(query, variables);
  expect(errors, query).toBeUndefined();
  return data ?? {};
}

interface Created {
  readonly job: { readonly id: string } | null;
  readonly userErrors: readonly unknown[];
}

const creates = {
  createDataExchangeJob: `mutation ($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) { job { id } userErrors { code field } }
  }`,
  createImportExportJob: `mutation ($input: CreateImportExportJobInput!) {
    createImportExportJob(input: $input) { job { id } userErrors { code field } }
  }`,
} as const;

export type CreateName = keyof typeof creates;

export function createDataExchange(gateway: TestGateway, input: object): Promise<string> {
  return created(gateway, 'createDataExchangeJob', input);
}

export function createImportExport(gateway: TestGateway, input: object): Promise<string> {
  return created(gateway, 'createImportExportJob', input);
}

async function created(gateway: TestGateway, name: CreateName, input: object): Promise<string> {
  const { job, userErrors } = field<Created>(await dataOf(gateway, creates[name], { input }), name);
  expect(userErrors).toEqual([]);
  return job?.id ?? '';
}

/** Repeats a create with its key, as the error `OUTCOME_UNKNOWN` requests, until it returns the id of the job. */
export async function createInsistently({ ask }: TestGateway, name: CreateName, input: object): Promise<string> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const { data, errors = [] } = await ask(creates[name], { input });
    if (errors.length === 0) {
      const { job, userErrors } = field<Created>(data, name);
      expect(userErrors).toEqual([]);
      return job?.id ?? '';
    }
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['OUTCOME_UNKNOWN']);
    await sleep(100);
  }
  throw new Error('expected the job of a lost create within 40 repeats, received none');
}

const jobPage = `query ($first: Int!, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) { nodes { id } unavailableServices { code } pageInfo { endCursor hasNextPage } }
}`;

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly unavailableServices: readonly { readonly code: string }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

/** The ids of all jobs that `filter` admits, newest first, in pages of `first`. Calls `meanwhile` between two pages. */
export async function listedIds(
  gateway: TestGateway,
  first: number,
  meanwhile: () => Promise<unknown> = async () => {},
  filter: object = {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = field<Page>(await dataOf(gateway, jobPage, { first, after, filter }), 'jobs');
    expect(page.unavailableServices).toEqual([]);
    ids.push(...page.nodes.map(({ id }) => id));
    if (!page.pageInfo.hasNextPage) return ids;
    after = page.pageInfo.endCursor;
    await meanwhile();
  }
}
