/** Ten thousand jobs of both services, read page by page. */
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { heapArgs, heapOf } from '../../support/child-heap.ts';
import { globalId } from '../../support/examples.ts';
import { ask, EmulatorControl, field } from '../../support/gateway.ts';

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const query = `query ($after: String) {
  jobs(first: 50, after: $after) { nodes { id createdAt } pageInfo { hasNextPage endCursor } }
}`;

const each = 5_000;
const pagesBefore = 50;

/** For ten thousand jobs the last known state and its time are kept, about 470 bytes each. No page is. */
const growthBytes = 8 * 2 ** 20;

test('ten thousand jobs are listed once each, page by page, and no page is kept', {
  timeout: 120_000,
}, async () => {
  const gateway = await startChildGateway({ WAYBILL_LOG_LEVEL: 'error' }, { nodeArgs: heapArgs });
  const seeded = await new EmulatorControl(gateway.emulatorUrl).seed({ dataExchange: each, importExport: each });
  const expected = new Set([
    ...seeded.dataExchange.map((id) => globalId('DataExchangeJob', id)),
    ...seeded.importExport.map((id) => globalId('ImportExportJob', id)),
  ]);
  const listed: string[] = [];
  let after: string | null = null;
  let pages = 0;
  let heapBefore = 0;
  do {
    const { data } = await ask(gateway.url, query, { after });
    const page: Page = field(data, 'jobs');
    listed.push(...page.nodes.map(({ id }) => id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    pages += 1;
    if (pages === pagesBefore) heapBefore = await heapOf(gateway);
  } while (after !== null);
  expect(new Set(listed).size).toBe(listed.length);
  for (const id of listed) expected.delete(id);
  expect(expected).toEqual(new Set());
  expect(pages).toBe(Math.ceil(listed.length / 50));
  expect((await heapOf(gateway)) - heapBefore).toBeLessThan(growthBytes);
});
