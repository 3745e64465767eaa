/** Paging through both services, against lists in memory: whatever the times and sizes, no job is lost or repeated. */
import { execute, type GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import type { Backends, DataExchangeBackend, ImportExportBackend } from '../../src/backends/backend.ts';
import type { CatalogBackend } from '../../src/backends/catalog-backend.ts';
import { localCaller } from '../../src/identity/caller.ts';
import type { DataExchangeJob } from '../../src/model/data-exchange-job.ts';
import { BackendError } from '../../src/model/errors.ts';
import type { ListedImportExportJob } from '../../src/model/import-export-job.ts';
import type { JobService } from '../../src/model/job-state.ts';
import { createLoaders } from '../../src/reads/loaders.ts';
import type { EventContext } from '../../src/resolvers/context.ts';
import { listDataExchangeJobs } from '../../src/resolvers/data-exchange-listing.ts';
import { schema } from '../../src/schema/index.ts';
import type { Watcher } from '../../src/watch/watcher.ts';

const query = parse(`query ($first: Int!, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) {
    edges { cursor node { awsJobId createdAt } }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    unavailableServices { service code message retryAfterMs }
  }
}`);

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { awsJobId: string; createdAt: string } }[];
  readonly pageInfo: { startCursor: string | null; endCursor: string | null; hasNextPage: boolean };
  readonly unavailableServices: readonly { readonly service: JobService; readonly code: string }[];
}

/** The jobs of each service, newest first. */
interface World {
  readonly dataExchange: DataExchangeJob[];
  readonly importExport: ListedImportExportJob[];
  /** Max number of jobs of one answer, whatever the requested limit. */
  readonly answerSize: number;
  /** How Data Exchange makes its tokens, which is not documented. */
  readonly tokens: 'byId' | 'byOffset';
  readonly unavailable: Set<JobService>;
  /** The error code of an unavailable service. */
  readonly failure: 'ACCESS_DENIED' | 'UPSTREAM_UNAVAILABLE';
  readonly calls: string[];
}

function worldOf(world: Partial<World> = {}): World {
  return {
    dataExchange: [],
    importExport: [],
    answerSize: 1_000,
    tokens: 'byId',
    unavailable: new Set(),
    failure: 'UPSTREAM_UNAVAILABLE',
    calls: [],
    ...world,
  };
}

const unused = (): Promise<never> => Promise.reject(new Error('no part of paging'));

function dataExchangeOf(world: World): DataExchangeBackend {
  return {
    createJob: unused,
    startJob: unused,
    cancelJob: unused,
    getJob: unused,
    listJobs: async ({ limit, nextToken }) => {
      record(world, 'DATA_EXCHANGE', limit);
      const jobs = world.dataExchange;
      const start = nextToken === undefined ? 0 : startOf(nextToken, jobs);
      const end = start + Math.min(limit, world.answerSize);
      const last = jobs[end - 1];
      const token = world.tokens === 'byId' ? `id:${last?.awsJobId}` : `offset:${end}`;
      return { jobs: jobs.slice(start, end), nextToken: end < jobs.length ? token : null };
    },
  };
}

function startOf(token: string, jobs: readonly DataExchangeJob[]): number {
  const [kind, value = ''] = token.split(':');
  return kind === 'offset' ? Number(value) : jobs.findIndex((job) => job.awsJobId === value) + 1;
}

function importExportOf(world: World): ImportExportBackend {
  return {
    createJob: unused,
    updateJob: unused,
    cancelJob: unused,
    getStatus: unused,
    getDocuments: unused,
    getShippingLabel: unused,
    listJobs: async ({ limit, afterAwsJobId }) => {
      record(world, 'IMPORT_EXPORT', limit);
      const jobs = world.importExport;
      const start = afterAwsJobId === undefined ? 0 : jobs.findIndex((job) => job.awsJobId === afterAwsJobId) + 1;
      const end = start + Math.min(limit, world.answerSize);
      return { jobs: jobs.slice(start, end), nextMarker: (end < jobs.length && jobs[end - 1]?.awsJobId) || null };
    },
  };
}

function record(world: World, service: JobService, limit: number): void {
  world.calls.push(`${service} ${limit}`);
  if (world.unavailable.has(service)) {
    throw new BackendError({ service, code: world.failure, message: 'Out of order.' });
  }
}

const cursorKey = new Uint8Array(32);

async function ask(world: World, variables: { first: number; after?: string | null; filter?: object }) {
  const backends: Backends = {
    dataExchange: dataExchangeOf(world),
    importExport: importExportOf(world),
    catalog: {} as CatalogBackend,
  };
  const { signal } = new AbortController();
  const reported: GraphQLError[] = [];
  const contextValue: EventContext = {
    caller: localCaller,
    backends,
    services: { backend: 'EMULATOR', region: async () => 'us-east-1' },
    watcher: { activityPlace: () => ({ log: 'log', offset: 0, since: 0 }) } as Watcher,
    whenRecorded: async () => {},
    createOnce: { run: unused, manifestToSend: unused },
    cursorKey,
    markReplayed: () => {},
    isReplayed: false,
    noteFailure: () => {},
    notedFailures: [],
    markKeyNotTagged: () => {},
    isKeyNotTagged: false,
    release: () => {},
    signal,
    now: () => 0,
    loaders: createLoaders(backends, () => signal),
    reported,
    report: (error) => reported.push(error),
  };
  const { data, errors = [] } = await execute({ schema, document: query, contextValue, variableValues: variables });
  return { page: data?.jobs as Page, errors: [...errors, ...reported] };
}

/** Reads all pages from `after` on; `onPage` may change the services between them. */
async function readOn(world: World, first: number, after: string | null, onPage = () => {}) {
  const edges: Page['edges'][number][] = [];
  let position = after;
  for (let pages = 0; pages < 500; pages += 1) {
    const { page } = await ask(world, { first, after: position });
    edges.push(...page.edges);
    if (!page.pageInfo.hasNextPage) return edges;
    position = page.pageInfo.endCursor;
    onPage();
  }
  throw new Error('The pages do not end.');
}

function dataExchangeJob(awsJobId: string, createdAt: number): DataExchangeJob {
  return {
    service: 'DATA_EXCHANGE',
    awsJobId,
    arn: `arn:aws:dataexchange:us-east-1:123456789012:jobs/${awsJobId}`,
    type: 'UNKNOWN',
    typeCode: 'NEW_TYPE',
    state: 'WAITING',
    stateCode: 'WAITING',
    createdAt: new Date(createdAt),
    updatedAt: new Date(createdAt),
    details: null,
    errors: [],
  };
}

/** Import/Export has whole seconds. */
function importExportJob(awsJobId: string, createdAt: number): ListedImportExportJob {
  return {
    service: 'IMPORT_EXPORT',
    awsJobId,
    direction: 'IMPORT',
    createdAt: new Date(Math.floor(createdAt / 1_000) * 1_000),
  };
}

/** Numbers from 0 up to, not including, 1: the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function upTo(random: () => number, limit: number): number {
  return Math.floor(random() * (limit + 1));
}

/** Jobs at random times within a few seconds, so that many share one, in the order of a service's list. */
function randomWorld(random: () => number, tokens: World['tokens']): World {
  const span = 1 + upTo(random, 8_000);
  const step = tokens === 'byOffset' ? 17 : 1;
  const times = (count: number) =>
    Array.from({ length: count }, (_, index) => (step === 1 ? upTo(random, span) : 1_000 + index * step)).sort(
      (a, b) => b - a,
    );
  return worldOf({
    dataExchange: times(upTo(random, 40)).map((time, index) => dataExchangeJob(`dx${index}`, time)),
    importExport: times(upTo(random, 40)).map((time, index) => importExportJob(`ie${index}`, time)),
    answerSize: 5 + upTo(random, 50),
    tokens,
  });
}

function addNewJobs(world: World, random: () => number, now: number): void {
  const name = world.dataExchange.length + world.importExport.length;
  for (let count = upTo(random, 3); count > 0; count -= 1) {
    world.dataExchange.unshift(dataExchangeJob(`newDx${name}n${count}`, now - count));
  }
  for (let count = upTo(random, 3); count > 0; count -= 1) {
    world.importExport.unshift(importExportJob(`newIe${name}n${count}`, now));
  }
}

const outOfOrder = (service: JobService) => ({
  ...{ service, code: 'UPSTREAM_UNAVAILABLE' },
  ...{ message: 'Out of order.', retryAfterMs: null },
});

const idsOf = (edges: Page['edges']) => edges.map(({ node }) => node.awsJobId);
const timesOf = (edges: Page['edges']) => edges.map(({ node }) => node.createdAt);
const newestFirst = (times: readonly string[]) => times.toSorted().toReversed();

test.each(['byId', 'byOffset'] as const)('pages bring every job once, newest first, with tokens %s', async (tokens) => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = randomOf(seed);
    const world = randomWorld(random, tokens);
    const edges = await readOn(world, 1 + upTo(random, 12), null);
    const everyId = [...world.dataExchange, ...world.importExport].map((job) => job.awsJobId);
    expect(idsOf(edges).toSorted(), `seed ${seed}`).toEqual(everyId.toSorted());
    expect(timesOf(edges), `seed ${seed}`).toEqual(newestFirst(timesOf(edges)));
  }
});

test.each(['byId', 'byOffset'] as const)(
  'from the cursor of any job come exactly those after it, while new jobs appear, with tokens %s',
  // It computes for ten seconds, and beside others for longer.
  { timeout: 120_000 },
  async (tokens) => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = randomOf(seed);
      const world = randomWorld(random, tokens);
      const edges = await readOn(world, 1 + upTo(random, 12), null);
      let now = 20_000;
      for (const [index, { cursor }] of edges.entries()) {
        const changing = { ...world, dataExchange: [...world.dataExchange], importExport: [...world.importExport] };
        const appear = () => {
          now += 1_000;
          addNewJobs(changing, random, now);
        };
        appear();
        const rest = await readOn(changing, 1 + upTo(random, 12), cursor, appear);
        expect(idsOf(rest), `seed ${seed}, after job ${index}`).toEqual(idsOf(edges.slice(index + 1)));
      }
    }
  },
);

test('a page costs one call to each service', async () => {
  const world = randomWorld(randomOf(7), 'byId');
  const enough = { ...world, answerSize: 1_000 };
  let after: string | null = null;
  for (let pages = 0; pages < 4; pages += 1) {
    enough.calls.length = 0;
    const { page } = await ask(enough, { first: 5, after });
    expect(enough.calls.map((call) => call.split(' ')[0]).toSorted()).toEqual(['DATA_EXCHANGE', 'IMPORT_EXPORT']);
    after = page.pageInfo.endCursor;
  }
});

test('a service that the filter excludes is not called', async () => {
  const world = worldOf();
  await ask(world, { first: 5, filter: { service: 'IMPORT_EXPORT' } });
  await ask(world, { first: 5, filter: { dataSetId: 'a'.repeat(32) } });
  expect(world.calls).toEqual(['IMPORT_EXPORT 6', 'DATA_EXCHANGE 6']);
  world.calls.length = 0;
  const { errors } = await ask(world, { first: 5, filter: { service: 'IMPORT_EXPORT', dataSetId: 'a'.repeat(32) } });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'filter.dataSetId' } }]);
  expect(world.calls).toEqual([]);
});

test.each(['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const)(
  'while %s is down the page names it, and paging on loses none of its jobs',
  async (service) => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = randomOf(seed);
      const world = randomWorld(random, 'byId');
      world.unavailable.add(service);
      const { page, errors } = await ask(world, { first: 5 });
      expect(page.unavailableServices).toEqual([outOfOrder(service)]);
      expect(errors).toEqual([]);
      world.unavailable.clear();
      const rest = await readOn(world, 5, page.pageInfo.endCursor);
      const everyId = [...world.dataExchange, ...world.importExport].map((job) => job.awsJobId);
      expect(idsOf([...page.edges, ...rest]).toSorted(), `seed ${seed}`).toEqual(everyId.toSorted());
    }
  },
);

test('with both services down the page is empty and names both', async () => {
  const world = worldOf({ unavailable: new Set<JobService>(['DATA_EXCHANGE', 'IMPORT_EXPORT']) });
  const { page, errors } = await ask(world, { first: 5 });
  expect(errors).toEqual([]);
  expect(page).toMatchObject({
    edges: [],
    pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
    unavailableServices: [outOfOrder('IMPORT_EXPORT'), outOfOrder('DATA_EXCHANGE')],
  });
});

const cursorOf = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');

test.each([
  ['x', 'no base64url of JSON'],
  [cursorOf(null), 'null'],
  [cursorOf({ filter: '/', positions: { PARCEL: {} } }), 'an unknown service'],
  [cursorOf({ filter: '/', positions: { DATA_EXCHANGE: { notAfter: 'now' } } }), 'a bad time'],
  [cursorOf({ filter: 'IMPORT_EXPORT/', positions: {} }), 'another filter'],
])('a cursor %j, which holds %s, is refused by name and nothing is called', async (after) => {
  const world = worldOf();
  const { page, errors } = await ask(world, { first: 5, after });
  expect(page).toBeUndefined();
  expect(errors).toMatchObject([
    { message: expect.stringContaining('`after`'), extensions: { code: 'INVALID_INPUT', argument: 'after' } },
  ]);
  expect(world.calls).toEqual([]);
});

test('an empty cursor counts as none: the first page comes', async () => {
  const world = worldOf({ dataExchange: [dataExchangeJob('a', 1_000)] });
  expect((await ask(world, { first: 5, after: '' })).page).toEqual((await ask(world, { first: 5 })).page);
});

test('a cursor stays valid over hundreds of new jobs, and is refused when it no longer is', async () => {
  const world = worldOf({ dataExchange: [dataExchangeJob('b', 2_000), dataExchangeJob('a', 1_000)], answerSize: 200 });
  const { page } = await ask(world, { first: 1 });
  const after = page.pageInfo.endCursor;
  const addJobs = (count: number) => {
    for (let added = 0; added < count; added += 1) world.dataExchange.unshift(dataExchangeJob(`new${added}`, 3_000));
  };
  addJobs(900);
  const { page: next } = await ask(world, { first: 1, after });
  expect(idsOf(next.edges)).toEqual(['a']);
  addJobs(10_000);
  const { page: none, errors } = await ask(world, { first: 1, after });
  expect(none).toBeUndefined();
  expect(errors).toMatchObject([
    { message: expect.stringContaining('`after`'), extensions: { code: 'INVALID_INPUT' } },
  ]);
});

test('a service that denies access is named with that code, and promises no next page', async () => {
  const world = worldOf({ importExport: [importExportJob('a', 1_000)] });
  const denied: Partial<World> = { unavailable: new Set<JobService>(['DATA_EXCHANGE']), failure: 'ACCESS_DENIED' };
  const { page } = await ask({ ...world, ...denied }, { first: 5 });
  expect(page).toMatchObject({ pageInfo: { hasNextPage: false }, unavailableServices: [{ code: 'ACCESS_DENIED' }] });
});

test('a service that repeats its token is not called endlessly', async () => {
  const jobs = [dataExchangeJob('a', 1_000)];
  const repeating = { ...dataExchangeOf(worldOf()), listJobs: async () => ({ jobs, nextToken: 'again' }) };
  const listed: string[] = [];
  const { signal } = new AbortController();
  for await (const page of listDataExchangeJobs(repeating, {}, { limit: 5, signal })) {
    for (const { job } of page) if (!(job instanceof Error)) listed.push(job.awsJobId);
  }
  expect(listed).toEqual(['a']);
});
