/** A service that cannot be listed is data of a page of jobs, and a reader of pages comes to an end without losing a job. */
import { expect, test } from 'vitest';
import { field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { askOver, callsOf } from '../../support/transports.ts';

const page = `query ($first: Int, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) {
    nodes { awsJobId service }
    pageInfo { hasNextPage endCursor }
    unavailableServices { service code message retryAfterMs }
  }
}`;

interface Page {
  readonly nodes: readonly { readonly awsJobId: string; readonly service: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly unavailableServices: readonly { readonly service: string }[];
}

const other = { DATA_EXCHANGE: 'IMPORT_EXPORT', IMPORT_EXPORT: 'DATA_EXCHANGE' } as const;
const services = ['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const;
const allOf = { DATA_EXCHANGE: 'DataExchange.*', IMPORT_EXPORT: 'ImportExport.*' } as const;
const messages = {
  DATA_EXCHANGE: 'AWS Data Exchange failed to answer the request.',
  IMPORT_EXPORT: 'AWS Import/Export is failing.',
} as const;

const failing = (service: keyof typeof allOf) => ({
  service,
  code: 'UPSTREAM_UNAVAILABLE',
  message: messages[service],
  retryAfterMs: null,
});

/** The page; fails if an error stands beside it. */
async function pageOf({ ask }: TestGateway, variables: Record<string, unknown>): Promise<Page> {
  const { data, errors } = await ask(page, variables);
  expect(errors).toBeUndefined();
  return field<Page>(data, 'jobs');
}

/** The pages from `after` on, until there is no next one: so few that their failed lists do not open the breaker. */
async function pagesFrom(gateway: TestGateway, after: string | null, first = 8): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let position = after; pages.length < 100; ) {
    const read = await pageOf(gateway, { first, after: position });
    pages.push(read);
    if (!read.pageInfo.hasNextPage) return pages;
    position = read.pageInfo.endCursor;
  }
  throw new Error('expected the pages to end');
}

const idsOf = (pages: readonly Page[]) => pages.flatMap(({ nodes }) => nodes.map(({ awsJobId }) => awsJobId));

test.each(services)(
  'While %s is down a page has the jobs of the other service and says why, without an error',
  async (down) => {
    const gateway = await startGateway();
    await gateway.emulator.seed({ dataExchange: 2, importExport: 2 });
    await gateway.emulator.fail(allOf[down], { status: 503 }, 1_000);
    const { nodes, unavailableServices } = await pageOf(gateway, { first: 2 });
    expect(nodes.map(({ service }) => service)).toEqual([other[down], other[down]]);
    expect(unavailableServices).toEqual([failing(down)]);
  },
);

test('While both services are down a page is empty and names both, over each transport, without their text', async () => {
  const { url, emulator, complaints } = await startGateway();
  await emulator.fail('*', { status: 500, body: 'secret-in-the-body' }, 1_000);
  for (const transport of ['HTTP', 'WebSocket'] as const) {
    const answer = await askOver(transport, { url }, { query: page });
    const pageInfo = { hasNextPage: false, endCursor: expect.any(String) };
    const unavailableServices = [failing('IMPORT_EXPORT'), failing('DATA_EXCHANGE')];
    expect(answer).toEqual({ data: { jobs: { nodes: [], pageInfo, unavailableServices } } });
  }
  expect(complaints).toEqual([]);
});

test.each(services)('A filter that admits only %s, which is down, gives the same shape', async (service) => {
  const gateway = await startGateway();
  await gateway.emulator.fail(allOf[service], { status: 503 }, 1_000);
  const { nodes, pageInfo, unavailableServices } = await pageOf(gateway, { filter: { service } });
  expect([nodes, pageInfo.hasNextPage, unavailableServices]).toEqual([[], false, [failing(service)]]);
  await gateway.emulator.heal();
  const later = await pageOf(gateway, { filter: { service }, after: pageInfo.endCursor });
  expect(later).toEqual(await pageOf(gateway, { filter: { service } }));
});

test('While both services are down a client that loops over pages makes one request', async () => {
  const gateway = await startGateway();
  await gateway.emulator.fail('*', { status: 503 }, 1_000);
  await gateway.emulator.forgetRequests();
  expect(await pagesFrom(gateway, null)).toHaveLength(1);
  // Each service is asked once, and retried at most twice.
  expect(await callsOf(gateway)).toBeLessThanOrEqual(6);
});

test.each(services)(
  'While %s is down the pages end with the jobs of the other; each cursor goes on with all that is missing',
  async (down) => {
    const gateway = await startGateway();
    await gateway.emulator.seed({ dataExchange: 12, importExport: 12 });
    const every = idsOf(await pagesFrom(gateway, null, 200));
    await gateway.emulator.fail(allOf[down], { status: 503 }, 1_000);
    const partial = await pagesFrom(gateway, null);
    expect(partial.every(({ unavailableServices }) => unavailableServices[0]?.service === down)).toBe(true);
    await gateway.emulator.heal();
    for (const [index, { pageInfo }] of partial.entries()) {
      const rest = await pagesFrom(gateway, pageInfo.endCursor);
      const read = [...idsOf(partial.slice(0, index + 1)), ...idsOf(rest)];
      expect(read.toSorted()).toEqual(every.toSorted());
    }
  },
);

test.each(services)('%s that fails between two pages keeps its place', async (down) => {
  const gateway = await startGateway();
  await gateway.emulator.seed({ dataExchange: 12, importExport: 12 });
  const every = idsOf(await pagesFrom(gateway, null, 200));
  const first = await pageOf(gateway, { first: 9 });
  await gateway.emulator.fail(allOf[down], { status: 503 }, 1_000);
  const partial = await pagesFrom(gateway, first.pageInfo.endCursor);
  await gateway.emulator.heal();
  const rest = await pagesFrom(gateway, partial.at(-1)?.pageInfo.endCursor ?? null);
  expect(idsOf([first, ...partial, ...rest]).toSorted()).toEqual(every.toSorted());
});
