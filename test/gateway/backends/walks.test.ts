/** Walks through lists whose pages overlap, shrink, lead back or never end. */
import { describe, expect, test } from 'vitest';
import { field } from '../../support/gateway.ts';
import {
  type ScriptedAnswer,
  type ServiceCall,
  startScripted,
  type WireEntry,
  wireException,
  wireId,
  wireJob,
  wireList,
} from '../../support/scripted-services.ts';
import { skippingClock } from '../../support/skipping-clock.ts';

interface Page {
  readonly nodes: readonly ({ readonly awsJobId: string } | null)[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

type Gateway = Awaited<ReturnType<typeof startScripted>>['gateway'];

/** The jobs of one connection, `first` at a time. */
async function paged({ ask }: Gateway, first: number, service: string): Promise<(string | undefined)[]> {
  const seen: (string | undefined)[] = [];
  let after: string | null = null;
  for (let page = 0; page < 50; page += 1) {
    const { data } = await ask(
      `query ($first: Int!, $after: String) { jobs(first: $first, after: $after, filter: { service: ${service} }) { nodes { awsJobId } pageInfo { endCursor hasNextPage } } }`,
      { first, after },
    );
    const { nodes, pageInfo } = field<Page>(data, 'jobs');
    seen.push(...nodes.map((node) => node?.awsJobId));
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) return seen;
  }
  throw new Error('expected the connection to end');
}

describe.each([1, 2, 3, 5, 50])('With pages of %d', (first) => {
  test('a job that is on several pages of Data Exchange is in a connection once', async () => {
    const pages: Readonly<Record<string, ScriptedAnswer>> = {
      '': { body: { Jobs: [0, 1, 2].map((number) => wireJob(number)), NextToken: 'second' } },
      second: { body: { Jobs: [2, 0, 3].map((number) => wireJob(number)), NextToken: 'third' } },
      third: { body: { Jobs: [1, 4, 0].map((number) => wireJob(number)) } },
    };
    const { gateway } = await startScripted(({ parameters }) => pages[parameters.get('nextToken') ?? '']);
    expect(await paged(gateway, first, 'DATA_EXCHANGE')).toEqual([0, 1, 2, 3, 4].map(wireId));
  });

  test('a list of Import/Export that leads back in a circle shows each job once, in few calls', async () => {
    const next: Readonly<Record<string, readonly string[]>> = { '': ['A', 'B'], B: ['C', 'D'], D: ['A', 'B'] };
    const { gateway, count } = await startScripted(({ parameters }) => ({
      body: wireList(
        (next[parameters.get('Marker') ?? ''] ?? ['A', 'B']).map((id) => ({ id })),
        true,
      ),
    }));
    expect(await paged(gateway, first, 'IMPORT_EXPORT')).toEqual(['A', 'B', 'C', 'D']);
    expect(count('ImportExport.ListJobs')).toBeLessThan(20);
  });
});

test('A list of Data Exchange with endless empty pages is abandoned after twenty of them', async () => {
  let made = 0;
  const { gateway, count } = await startScripted(() => {
    made += 1;
    return { body: { Jobs: made === 1 ? [wireJob(0)] : [], NextToken: `${made}` } };
  });
  const list = '{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { awsJobId } unavailableServices { code } } }';
  const unavailableServices = [{ code: 'UPSTREAM_BAD_RESPONSE' }];
  expect(await gateway.ask(list)).toEqual({
    data: { jobs: { nodes: [{ awsJobId: wireId(0) }], unavailableServices } },
  });
  expect(count('DataExchange.ListJobs')).toBe(21);
});

/** Answers for `jobs`, of which at most twelve fit into a reply. */
function largeJobs(jobs: readonly Record<string, unknown>[]) {
  return ({ operation, parameters, awsJobId }: ServiceCall): ScriptedAnswer | undefined => {
    if (operation === 'DataExchange.GetJob') {
      const job = jobs.find(({ Id }) => Id === awsJobId);
      return job === undefined ? { status: 404 } : { body: job };
    }
    if (operation !== 'DataExchange.ListJobs') return undefined;
    const limit = Number(parameters.get('maxResults'));
    if (limit > 12) return { body: ' '.repeat(2 * 1_048_576 + 1) };
    const start = Number(parameters.get('nextToken') ?? 0);
    const end = start + limit;
    return { body: { Jobs: jobs.slice(start, end), ...(end < jobs.length && { NextToken: `${end}` }) } };
  };
}

test('A hundred jobs made at once are all announced, though a page holds at most twelve of them', async () => {
  const jobs = [wireJob(1_000)];
  const { gateway, count } = await startScripted(largeJobs(jobs));
  const announced = new Set<string>();
  const events = gateway.client().iterate<{ jobActivity: { job: { awsJobId: string } } }>({
    query:
      'subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { ... on JobStateChange { job { awsJobId } } } }',
  });
  const all = (async () => {
    for await (const { data } of events) {
      if (data) announced.add(data.jobActivity.job.awsJobId);
      if (announced.size === 100) return;
    }
  })();
  // In vain with 200 and 50, then with 12.
  await expect.poll(() => count('DataExchange.ListJobs')).toBeGreaterThan(3);
  jobs.unshift(...Array.from({ length: 100 }, (_, number) => wireJob(number)));
  await all;
  expect(announced).toEqual(new Set(Array.from({ length: 100 }, (_, number) => wireId(number))));
});

test('A hundred jobs are read by id in pages of twelve, and none by GetJob', async () => {
  const jobs = Array.from({ length: 100 }, (_, number) => wireJob(number));
  const { gateway, count } = await startScripted(largeJobs(jobs));
  const ids = jobs.map(({ Id }) => Buffer.from(`DataExchangeJob:${Id}`).toString('base64url'));
  const { data, errors } = await gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { awsJobId } } }', {
    ids,
  });
  expect(errors).toBeUndefined();
  expect(field(data, 'nodes')).toEqual(jobs.map(({ Id }) => ({ awsJobId: Id })));
  // In vain with 200 and 50; of the last ones a few are read one by one.
  expect(count('DataExchange.ListJobs')).toBeLessThanOrEqual(2 + Math.ceil(100 / 12));
  expect(count('DataExchange.GetJob')).toBeLessThanOrEqual(8);
});

const create = `mutation ($details: DataExchangeJobDetailsInput!) {
  createDataExchangeJob(input: { idempotencyKey: "order-4711-attempt-1", details: $details }) { job { awsJobId } userErrors { code } }
}`;

test('A lost create is found again behind 150 younger jobs of its data set, twelve to a page', async () => {
  const clock = skippingClock();
  const ids = { DataSetId: 'd'.repeat(32), RevisionId: 'e'.repeat(32) };
  const jobs: Record<string, unknown>[] = [];
  const add = (number: number, Key: string) => {
    const times = { CreatedAt: new Date(clock.now()).toISOString(), UpdatedAt: new Date(clock.now()).toISOString() };
    const Details = { ImportAssetsFromS3: { ...ids, AssetSources: [{ Bucket: 'bucket', Key }] } };
    jobs.unshift(wireJob(number, { ...times, Details }));
  };
  const { gateway, count } = await startScripted(
    (call, response) => {
      if (call.operation !== 'DataExchange.CreateJob') return largeJobs(jobs)(call);
      add(0, 'ours');
      for (let number = 1; number <= 150; number += 1) add(number, `theirs/${number}`);
      response.destroy();
      return undefined;
    },
    {},
    { clock },
  );
  const details = {
    importAssetsFromS3: {
      dataSetId: ids.DataSetId,
      revisionId: ids.RevisionId,
      sources: [{ bucket: 'bucket', key: 'ours' }],
    },
  };
  await gateway.ask(create, { details });
  clock.skip(10_000);
  const { data, errors } = await gateway.ask(create, { details });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ createDataExchangeJob: { job: { awsJobId: wireId(0) }, userErrors: [] } });
  expect(count('DataExchange.CreateJob')).toBe(1);
});

test.each([
  ['DataExchange', 'DATA_EXCHANGE', 2],
  ['ImportExport', 'IMPORT_EXPORT', 1],
])('Replies that are too long do not open the breaker of %s.', async (_name, service, mebibytes) => {
  let isLong = true;
  const { gateway } = await startScripted(({ operation }) => {
    if (isLong) return { body: ' '.repeat(mebibytes * 1_048_576 + 1) };
    return { body: operation.startsWith('Data') ? { Jobs: [] } : wireList([], false) };
  });
  const list = `{ jobs(filter: { service: ${service} }) { nodes { id } unavailableServices { code } } }`;
  const answerWith = (...unavailableServices: readonly object[]) => ({
    data: { jobs: { nodes: [], unavailableServices } },
  });
  for (let asked = 0; asked < 15; asked += 1)
    expect(await gateway.ask(list)).toEqual(answerWith({ code: 'UPSTREAM_BAD_RESPONSE' }));
  isLong = false;
  expect(await gateway.ask(list)).toEqual(answerWith());
});

/** Answers for a list of `count` jobs, the newest first, by `MaxJobs` and `Marker`. */
function manyEntries(count: number) {
  const entries = Array.from({ length: count }, (_, place): WireEntry => ({ id: `J${place}` }));
  return ({ operation, parameters }: ServiceCall): ScriptedAnswer => {
    if (operation === 'ImportExport.GetStatus') return wireException('CanceledJobIdException');
    const marker = parameters.get('Marker');
    const start = marker === null ? 0 : entries.findIndex(({ id }) => id === marker) + 1;
    const end = start + Number(parameters.get('MaxJobs'));
    return { body: wireList(entries.slice(start, end), end < count) };
  };
}

const stateOf = (awsJobId: string) =>
  `{ job(id: "${Buffer.from(`ImportExportJob:${awsJobId}`).toString('base64url')}") { state createdAt } }`;

test('A cancelled job that has no status any more is found in the list behind thousands of younger ones', async () => {
  const { gateway, count } = await startScripted(manyEntries(3_000));
  expect(await gateway.ask(stateOf('J2500'))).toEqual({
    data: { job: { state: 'CANCELLED', createdAt: '2024-03-01T09:30:00.000Z' } },
  });
  expect(count('ImportExport.ListJobs')).toBe(3);
});

test('It is searched for among ten thousand jobs and no further', async () => {
  const { gateway, count } = await startScripted(manyEntries(12_000));
  const { errors } = await gateway.ask(stateOf('J11500'));
  expect(errors).toHaveLength(1);
  expect(count('ImportExport.ListJobs')).toBe(10);
});
