/** Ten thousand jobs of both services, read page by page. */
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { heapArgs, heapOf } from '../../support/child-heap.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { globalId } from '../../support/examples.ts';
import { ask, field } from '../../support/gateway.ts';

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const query = `query ($after: String) {
  jobs(first: 50, after: $after) { nodes { id createdAt } pageInfo { hasNextPage endCursor } }
}`;

const each = 5_000;

/** The last known states of ten thousand jobs, 7 MB, and what the first long walk compiles. */
const knownBytes = 14 * 2 ** 20;
/** A fifth of what the jobs of all pages would take; without them it is compiled code, 0.4 MB. */
const keptBytes = 2 * 2 ** 20;

/** Number of pages, and the ids of the jobs on them. */
async function readToEnd(url: string): Promise<{ readonly pages: number; readonly ids: readonly string[] }> {
  const ids: string[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const { data } = await ask(url, query, { after });
    const page: Page = field(data, 'jobs');
    ids.push(...page.nodes.map(({ id }) => id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    pages += 1;
  } while (after !== null);
  return { pages, ids };
}

test('ten thousand jobs are listed once each, page by page, and no page is kept', {
  timeout: 120_000,
}, async () => {
  const gateway = await startChildGateway({ WAYBILL_LOG_LEVEL: 'error' }, { nodeArgs: heapArgs });
  // What the first request loads is no growth.
  await readToEnd(gateway.url);
  const seeded = await new EmulatorControl(gateway.emulatorUrl).seed({ dataExchange: each, importExport: each });
  const expected = [
    ...seeded.dataExchange.map((id) => globalId('DataExchangeJob', id)),
    ...seeded.importExport.map((id) => globalId('ImportExportJob', id)),
  ];
  const heapBefore = await heapOf(gateway);
  const { pages, ids } = await readToEnd(gateway.url);
  const listed = new Set(ids);
  expect(expected.filter((id) => !listed.has(id))).toEqual([]);
  expect(listed.size).toBe(ids.length);
  expect(pages).toBe(Math.ceil(ids.length / 50));
  const heapAfter = await heapOf(gateway);
  expect(heapAfter - heapBefore).toBeLessThan(knownBytes);
  await readToEnd(gateway.url);
  expect((await heapOf(gateway)) - heapAfter).toBeLessThan(keptBytes);
});
