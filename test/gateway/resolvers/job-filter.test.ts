/** Filters of the list of jobs: what they admit, what they refuse, and how many calls they cost. */
import { describe, expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { maxWalkCalls } from '../../../src/resolvers/walk-budget.ts';
import { dataExchangeDetails, globalId, manifests } from '../../support/examples.ts';
import { field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { created } from '../../support/manifests.ts';
import { skippingClock } from '../../support/skipping-clock.ts';
import { askOver } from '../../support/transports.ts';

const list = `query ($first: Int, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) {
    edges {
      cursor
      node {
        awsJobId service state createdAt
        ... on DataExchangeJob { type }
        ... on ImportExportJob { direction }
      }
    }
    pageInfo { hasNextPage endCursor }
    unavailableServices { service code }
  }
}`;

interface ListedNode {
  readonly awsJobId: string;
  readonly service: string;
  readonly state: string;
  readonly createdAt: string;
  readonly type?: string;
  readonly direction?: string;
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: ListedNode | null }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly unavailableServices: readonly unknown[];
}

interface Variables {
  readonly first?: number;
  readonly after?: string | null;
  readonly filter?: object;
}

async function pageOf({ ask }: TestGateway, variables: Variables): Promise<Page> {
  const { data, errors } = await ask(list, { ...variables });
  expect(errors).toBeUndefined();
  return field<Page>(data, 'jobs');
}

/** All pages, which must end. */
async function pagesOf(gateway: TestGateway, variables: Variables): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let after: string | null = null; pages.length < 100; ) {
    const page: Page = await pageOf(gateway, { ...variables, after });
    pages.push(page);
    if (!page.pageInfo.hasNextPage) return pages;
    after = page.pageInfo.endCursor;
  }
  throw new Error('expected the pages to end');
}

const nodesOf = (...pages: readonly Page[]) => pages.flatMap(({ edges }) => edges.flatMap(({ node }) => node ?? []));
const idsOf = (...pages: readonly Page[]) => nodesOf(...pages).map(({ awsJobId }) => awsJobId);

/** An hour after the demo's jobs, at a whole second. The clock stands still until it is skipped. */
async function gatewayWithClock() {
  const clock = skippingClock();
  const gateway = await startGateway({}, { clock });
  clock.skip(3_600_000 - (clock.now() % 1_000));
  return { ...gateway, clock };
}

const instant = (ms: number) => new Date(ms).toISOString();

describe('What no job can fit is refused by the name of the field, without a call', () => {
  const id = demo.dataSetId;
  test.each<[string, object, string]>([
    ['a data set id of another form', { dataSetId: 'x' }, 'filter.dataSetId'],
    ['a revision id of another form', { dataSetId: id, revisionId: '../jobs' }, 'filter.revisionId'],
    ['a revision without its data set', { revisionId: demo.revisionId }, 'filter.revisionId'],
    ['a direction of typed jobs', { types: ['EXPORT_ASSETS_TO_S3'], direction: 'IMPORT' }, 'filter.direction'],
    ['a direction in a data set', { dataSetId: id, direction: 'IMPORT' }, 'filter.direction'],
    ['a direction of Data Exchange', { service: 'DATA_EXCHANGE', direction: 'IMPORT' }, 'filter.direction'],
    ['a type of Import/Export', { service: 'IMPORT_EXPORT', types: ['UNKNOWN'] }, 'filter.types'],
    ['a data set of Import/Export', { service: 'IMPORT_EXPORT', dataSetId: id }, 'filter.dataSetId'],
    ['a foreign state', { service: 'DATA_EXCHANGE', states: ['COMPLETED_WITH_ERRORS'] }, 'filter.states'],
    ['a foreign state of typed jobs', { types: ['UNKNOWN'], states: ['COMPLETED_WITH_ERRORS'] }, 'filter.states'],
    ['too many states', { states: Array(9).fill('WAITING') }, 'filter.states'],
    ['too many types', { types: Array(11).fill('UNKNOWN') }, 'filter.types'],
    [
      'dates in the wrong order',
      { createdAfter: '2026-01-02T00:00:00Z', createdBefore: '2026-01-01T00:00:00Z' },
      'filter.createdBefore',
    ],
    [
      'an empty span, in two spellings',
      { createdAfter: '2026-01-01T01:00:00+01:00', createdBefore: '2026-01-01T00:00:00.000Z' },
      'filter.createdBefore',
    ],
  ])('%s', async (_title, filter, argument) => {
    const gateway = await startGateway();
    await gateway.emulator.forgetRequests();
    const refused = [{ message: expect.stringContaining(argument), extensions: { code: 'INVALID_INPUT', argument } }];
    const listed = await gateway.ask(list, { filter });
    expect(listed.errors).toMatchObject(refused);
    const query = 'subscription ($filter: JobFilter) { jobActivity(filter: $filter) { cursor } }';
    for (const transport of ['SSE', 'WebSocket'] as const) {
      const watched = await askOver(transport, gateway, { query, variables: { filter } });
      expect(watched.errors, transport).toMatchObject(refused);
    }
    expect(await gateway.emulator.requests()).toEqual({});
  });

  test.each(['yesterday', '2026-01-01', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00', '1'.repeat(100), 5, {}])(
    'the date %j',
    async (createdAfter) => {
      const gateway = await startGateway();
      await gateway.emulator.forgetRequests();
      const { errors } = await gateway.ask(list, { filter: { createdAfter } });
      expect(errors).toMatchObject([
        {
          message:
            'Variable "$filter" got invalid value at "filter.createdAfter"; Expected an instant in RFC 3339 form with its offset, such as "2026-01-31T09:30:00Z".',
          extensions: { code: 'INVALID_INPUT' },
        },
      ]);
      expect(await gateway.emulator.requests()).toEqual({});
    },
  );
});

test('Empty members count as absent, as tools fill in all that is optional', async () => {
  const gateway = await startGateway();
  const filter = { states: [], types: [], dataSetId: '', revisionId: '', createdAfter: '', createdBefore: '' };
  const [filled, plain] = [await pageOf(gateway, { filter }), await pageOf(gateway, {})];
  expect(idsOf(filled)).toEqual(idsOf(plain));
  expect(filled.pageInfo.endCursor).toBe(plain.pageInfo.endCursor);
});

test('Only running jobs among 275 of both services take one request, and with a warm log only the unfinished reads', async () => {
  const gateway = await gatewayWithClock();
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 170, importExport: 95 });
  const running = [...dataExchange.slice(20, 25), ...importExport.slice(50, 53)];
  for (const [index, id] of dataExchange.entries()) {
    if (index > 2) await gateway.emulator.move(id, { state: running.includes(id) ? 'IN_PROGRESS' : 'COMPLETED' });
  }
  for (const [index, id] of importExport.entries()) {
    if (index > 4) await gateway.emulator.move(id, { progressCode: running.includes(id) ? 'InProgress' : 'Complete' });
  }
  const filter = { states: ['IN_PROGRESS'], createdAfter: instant(gateway.clock.now()) };

  await gateway.emulator.forgetRequests();
  const cold = await pageOf(gateway, { first: 50, filter });
  expect(new Set(idsOf(cold))).toEqual(new Set(running));
  expect(cold.pageInfo.hasNextPage).toBe(false);
  const lists = { 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 1 };
  expect(await gateway.emulator.requests()).toEqual({ ...lists, 'ImportExport.GetStatus': 95 });

  await gateway.emulator.forgetRequests();
  const warm = await pageOf(gateway, { first: 50, filter });
  expect(idsOf(warm)).toEqual(idsOf(cold));
  // Five that wait, and three that run.
  expect(await gateway.emulator.requests()).toEqual({ ...lists, 'ImportExport.GetStatus': 8 });
});

test('Finished jobs that the log knows cost no read, not even for their states', async () => {
  const gateway = await gatewayWithClock();
  const { importExport } = await gateway.emulator.seed({ importExport: 30 });
  for (const id of importExport) await gateway.emulator.move(id, { progressCode: 'DeviceError' });
  const filter = { service: 'IMPORT_EXPORT', states: ['FAILED'], createdAfter: instant(gateway.clock.now()) };
  const cold = await pageOf(gateway, { first: 40, filter });
  await gateway.emulator.forgetRequests();
  expect(await pageOf(gateway, { first: 40, filter })).toEqual(cold);
  expect(nodesOf(cold).map(({ state }) => state)).toEqual(Array(30).fill('FAILED'));
  expect(await gateway.emulator.requests()).toEqual({ 'ImportExport.ListJobs': 1 });
});

test('What failed last week is found by state and dates, and older jobs are not read', async () => {
  const gateway = await gatewayWithClock();
  const weekMs = 7 * 24 * 3_600_000;
  const seedFailed = async () => {
    const seeded = await gateway.emulator.seed({ dataExchange: 3, importExport: 3 });
    await gateway.emulator.move(seeded.dataExchange[0] ?? '', { state: 'ERROR' });
    await gateway.emulator.move(seeded.importExport[0] ?? '', { progressCode: 'MissingDevice' });
    return [seeded.dataExchange[0], seeded.importExport[0]];
  };
  await seedFailed();
  gateway.clock.skip(weekMs);
  const createdAfter = instant(gateway.clock.now());
  const failed = await seedFailed();
  gateway.clock.skip(weekMs);
  const createdBefore = instant(gateway.clock.now());
  await seedFailed();
  await gateway.emulator.forgetRequests();
  const page = await pageOf(gateway, { filter: { states: ['FAILED'], createdAfter, createdBefore } });
  expect(new Set(idsOf(page))).toEqual(new Set(failed));
  expect(page.pageInfo.hasNextPage).toBe(false);
  expect(await gateway.emulator.requests()).toEqual({
    'DataExchange.ListJobs': 1,
    'ImportExport.ListJobs': 1,
    'ImportExport.GetStatus': 3,
  });
});

test('A span of dates begins with its first instant and ends before its last', async () => {
  const gateway = await gatewayWithClock();
  const first = gateway.clock.now();
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  gateway.clock.skip(1_000);
  await gateway.emulator.seed({ dataExchange: 1 });
  const filter = { createdAfter: instant(first), createdBefore: instant(first + 1_000) };
  expect(idsOf(await pageOf(gateway, { filter: { ...filter, service: 'DATA_EXCHANGE' } }))).toEqual(dataExchange);
});

test('Types and a direction are applied to lists without a read', async () => {
  const gateway = await startGateway();
  const all = nodesOf(...(await pagesOf(gateway, { first: 200 })));
  await created(gateway, manifests.exportFromS3);
  await gateway.emulator.forgetRequests();
  const query = `query ($filter: JobFilter) { jobs(first: 200, filter: $filter) { nodes {
    awsJobId ... on DataExchangeJob { type } ... on ImportExportJob { direction } } } }`;
  const types = ['EXPORT_ASSET_TO_SIGNED_URL', 'IMPORT_ASSETS_FROM_S3'];
  const typed = await gateway.ask(query, { filter: { types } });
  expect(field<{ nodes: ListedNode[] }>(typed.data, 'jobs').nodes).toEqual(
    all.flatMap(({ awsJobId, type }) => (type !== undefined && types.includes(type) ? [{ awsJobId, type }] : [])),
  );
  const exported = await gateway.ask(query, { filter: { direction: 'EXPORT' } });
  expect(field<{ nodes: ListedNode[] }>(exported.data, 'jobs').nodes).toEqual([
    { awsJobId: expect.any(String), direction: 'EXPORT' },
  ]);
  const imported = await gateway.ask(query, { filter: { direction: 'IMPORT' } });
  expect(field<{ nodes: ListedNode[] }>(imported.data, 'jobs').nodes).toHaveLength(
    all.filter(({ service }) => service === 'IMPORT_EXPORT').length,
  );
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 2 });
});

test('The jobs of one revision are listed by the service itself, page by page', async () => {
  const gateway = await startGateway();
  const create = `mutation ($details: DataExchangeJobDetailsInput!) {
    createDataExchangeJob(input: { details: $details }) { job { awsJobId } userErrors { message } } }`;
  const other = { ...dataExchangeDetails.EXPORT_ASSET_TO_SIGNED_URL.exportAssetToSignedUrl };
  await gateway.ask(create, { details: { exportAssetToSignedUrl: other } });
  const filter = { dataSetId: demo.dataSetId, revisionId: demo.finalizedRevisionId };
  const whole = idsOf(await pageOf(gateway, { first: 200, filter }));
  expect(whole).toContain(demo.otherWaitingJobId);
  expect(whole.length).toBeLessThan(
    idsOf(await pageOf(gateway, { first: 200, filter: { dataSetId: demo.dataSetId } })).length,
  );
  await gateway.emulator.forgetRequests();
  const pages = await pagesOf(gateway, { first: 1, filter });
  expect(idsOf(...pages)).toEqual(whole);
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': pages.length });
});

test('A walk stops at its budget, and the next page goes on from there until every job was found', async () => {
  const gateway = await gatewayWithClock();
  const { importExport } = await gateway.emulator.seed({ importExport: 400 });
  const wanted = importExport.filter((_, index) => index % 97 === 0);
  for (const id of importExport) if (wanted.includes(id)) await gateway.emulator.move(id, { progressCode: 'Started' });
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 3 });
  for (const id of dataExchange) await gateway.emulator.move(id, { state: 'IN_PROGRESS' });
  const filter = { states: ['IN_PROGRESS'], createdAfter: instant(gateway.clock.now()) };
  const pages: Page[] = [];
  for (let after: string | null = null; pages.length < 10; ) {
    await gateway.emulator.forgetRequests();
    const page: Page = await pageOf(gateway, { first: 50, after, filter });
    const { 'ImportExport.GetStatus': reads = 0, ...lists } = await gateway.emulator.requests();
    expect(lists).toEqual({ 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 1 });
    expect(reads).toBeLessThanOrEqual(maxWalkCalls);
    pages.push(page);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(pages.length).toBe(Math.ceil(400 / maxWalkCalls));
  expect(idsOf(...pages).toSorted()).toEqual([...wanted, ...dataExchange].toSorted());
});

test('A cursor is refused under another filter, before any call', async () => {
  const gateway = await startGateway();
  const filter = { states: ['WAITING', 'CANCELLED'] };
  const { pageInfo } = await pageOf(gateway, { first: 1, filter });
  const same = await pageOf(gateway, {
    filter: { states: ['CANCELLED', 'WAITING', 'WAITING'] },
    after: pageInfo.endCursor,
  });
  expect(same.edges.length).toBeGreaterThan(0);
  await gateway.emulator.forgetRequests();
  for (const other of [{ states: ['WAITING'] }, { ...filter, service: 'DATA_EXCHANGE' }, {}]) {
    const { errors } = await gateway.ask(list, { filter: other, after: pageInfo.endCursor });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: 'after' } }]);
  }
  expect(await gateway.emulator.requests()).toEqual({});
});

describe('What cannot be read', () => {
  test('A job whose status cannot be read may fit: it is null, with an error at its path, and the others come', async () => {
    const gateway = await gatewayWithClock();
    const { importExport } = await gateway.emulator.seed({ importExport: 5 });
    await gateway.emulator.fail('ImportExport.GetStatus', { status: 200, body: '<html>' });
    const filter = { states: ['WAITING'], service: 'IMPORT_EXPORT', createdAfter: instant(gateway.clock.now()) };
    const { data, errors } = await gateway.ask(list, { filter });
    const { edges, pageInfo } = field<Page>(data, 'jobs');
    const at = edges.findIndex(({ node }) => node === null);
    expect(edges).toHaveLength(importExport.length);
    expect(errors).toMatchObject([
      { path: ['jobs', 'edges', at, 'node'], extensions: { code: 'UPSTREAM_BAD_RESPONSE', service: 'IMPORT_EXPORT' } },
    ]);
    expect(pageInfo.hasNextPage).toBe(false);
    // Its cursor leads past it.
    const rest = await pageOf(gateway, { filter, after: edges[at]?.cursor ?? '' });
    expect(idsOf(rest)).toEqual(edges.slice(at + 1).map(({ node }) => node?.awsJobId));
  });

  test('An entry of a list that cannot be read may fit every filter, and the jobs beside it come', async () => {
    const gateway = await startGateway();
    const entry = (id: string, type: string) =>
      `<member><JobId>${id}</JobId><CreationDate>2026-03-01T09:30:00Z</CreationDate><IsCanceled>true</IsCanceled><JobType>${type}</JobType></member>`;
    const jobs = [entry('JOB0', 'Import'), entry('JOB1', 'Teleport'), entry('JOB2', 'Export'), entry('JOB3', 'Import')];
    const body = `<ListJobsResponse><ListJobsResult><Jobs>${jobs.join('')}</Jobs><IsTruncated>false</IsTruncated></ListJobsResult></ListJobsResponse>`;
    await gateway.emulator.fail('ImportExport.ListJobs', { status: 200, body });
    const query = '{ jobs(filter: { direction: IMPORT, states: [CANCELLED] }) { nodes { awsJobId } } }';
    const { data, errors } = await gateway.ask(query);
    expect(data).toEqual({ jobs: { nodes: [{ awsJobId: 'JOB0' }, null, { awsJobId: 'JOB3' }] } });
    expect(errors).toMatchObject([{ path: ['jobs', 'nodes', 1], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
  });

  test.each([
    ['throttles', { status: 400, code: 'Throttling' }, 'UPSTREAM_THROTTLED'],
    ['denies access', { status: 403, code: 'AccessDenied' }, 'ACCESS_DENIED'],
  ])('A service that %s is named, and its jobs come once it answers', async (_title, { status, code }, expected) => {
    const gateway = await gatewayWithClock();
    const seeded = await gateway.emulator.seed({ dataExchange: 2, importExport: 5 });
    const body = `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
    await gateway.emulator.fail('ImportExport.GetStatus', { status, body }, 200);
    const filter = { states: ['WAITING'], createdAfter: instant(gateway.clock.now()) };
    const page = await pageOf(gateway, { filter });
    expect(page.unavailableServices).toEqual([{ service: 'IMPORT_EXPORT', code: expected }]);
    expect(new Set(idsOf(page))).toEqual(new Set(seeded.dataExchange));
    expect(page.pageInfo).toEqual({ hasNextPage: false, endCursor: expect.any(String) });
    await gateway.emulator.heal();
    gateway.clock.skip(60_000);
    const rest = await pageOf(gateway, { filter, after: page.pageInfo.endCursor });
    expect(new Set(idsOf(rest))).toEqual(new Set(seeded.importExport));
  });
});

test('Two lists of one operation read a status once', async () => {
  const gateway = await gatewayWithClock();
  await gateway.emulator.seed({ importExport: 4 });
  const filter = `service: IMPORT_EXPORT, createdAfter: "${instant(gateway.clock.now())}"`;
  await gateway.emulator.forgetRequests();
  const { data, errors } = await gateway.ask(`{
    waiting: jobs(filter: { states: [WAITING], ${filter} }) { nodes { awsJobId state statusMessage } }
    running: jobs(filter: { states: [IN_PROGRESS], ${filter} }) { nodes { awsJobId } }
  }`);
  expect(errors).toBeUndefined();
  expect(field<{ nodes: unknown[] }>(data, 'waiting').nodes).toHaveLength(4);
  expect(field<{ nodes: unknown[] }>(data, 'running').nodes).toEqual([]);
  expect(await gateway.emulator.requests()).toEqual({ 'ImportExport.ListJobs': 1, 'ImportExport.GetStatus': 4 });
});

test('A finished job stays in the history as it was, and an unfinished one is recorded by the walk', async () => {
  const gateway = await gatewayWithClock();
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  const filter = { service: 'IMPORT_EXPORT', states: ['WAITING'], createdAfter: instant(gateway.clock.now()) };
  await pageOf(gateway, { filter });
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  const { data } = await gateway.ask('query ($id: ID!) { job(id: $id) { history { nodes { state } } } }', { id });
  expect(data).toEqual({ job: { history: { nodes: [{ state: 'WAITING' }] } } });
});
