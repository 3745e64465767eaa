/** The work of a page of jobs for its cursors, in counts, as no test asserts a time. */
import { execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import type { Backends, DataExchangeBackend, ImportExportBackend } from '../../../src/backends/backend.ts';
import type { CatalogBackend } from '../../../src/backends/catalog-backend.ts';
import { localCaller } from '../../../src/identity/caller.ts';
import type { DataExchangeJob } from '../../../src/model/data-exchange-job.ts';
import { createLoaders } from '../../../src/reads/loaders.ts';
import { positionsFrom } from '../../../src/resolvers/job-cursor.ts';
import { ReturnedEntries } from '../../../src/resolvers/returned-entries.ts';
import { schema } from '../../../src/schema/index.ts';
import { countedHashes, countedHmacs } from '../../support/counted-calls.ts';

const cursorKey = Buffer.alloc(32, 'k');
const count = 100;

const listed = Array.from({ length: count + 1 }, (_, index): DataExchangeJob => {
  const createdAt = new Date(1_000 * (count - index));
  const awsJobId = String(index).padStart(32, 'a');
  const state = { state: 'WAITING', stateCode: 'WAITING' } as const;
  const type = { type: 'UNKNOWN', typeCode: 'NEW_TYPE' } as const;
  return {
    ...{ service: 'DATA_EXCHANGE', awsJobId, arn: null, ...type, ...state, createdAt, updatedAt: createdAt },
    details: null,
    errors: [],
  };
});

async function pageWith(selection: string) {
  const listJobs = async () => ({ jobs: listed, nextToken: null });
  const dataExchange = { listJobs } as Partial<DataExchangeBackend> as DataExchangeBackend;
  const backends: Backends = { dataExchange, importExport: {} as ImportExportBackend, catalog: {} as CatalogBackend };
  const { signal } = new AbortController();
  const watcher = { activityPlace: () => ({ log: 'log', offset: 0, since: 0 }) };
  const context = { caller: localCaller, backends, cursorKey, signal, watcher };
  const contextValue = { ...context, loaders: createLoaders(backends, () => signal) };
  const document = parse(`{ jobs(first: ${count}, filter: { service: DATA_EXCHANGE }) { ${selection} } }`);
  const hmacs = countedHmacs();
  const hashes = countedHashes();
  const { data, errors } = await execute({ schema, document, contextValue });
  expect(errors).toBeUndefined();
  return { page: JSON.parse(JSON.stringify(data)).jobs, hmacs: hmacs.take(), hashes: hashes.take() };
}

test('A page whose cursors are not selected signs none', async () => {
  const { page, ...computed } = await pageWith(
    'nodes { id state createdAt } edges { node { id } } pageInfo { hasNextPage }',
  );
  expect(page.nodes).toHaveLength(count);
  expect(computed).toEqual({ hmacs: 0, hashes: 0 });
});

test('The cursor of the end of a page costs one signature, and a digest of each job that it remembers', async () => {
  const { hmacs, hashes } = await pageWith('pageInfo { endCursor }');
  expect({ hmacs, hashes }).toEqual({ hmacs: 1, hashes: 40 });
});

test('Every cursor contains the position after its own job', async () => {
  const { page, hashes } = await pageWith('edges { cursor node { awsJobId } } pageInfo { startCursor endCursor }');
  const cursors: readonly string[] = page.edges.map(({ cursor }: { readonly cursor: string }) => cursor);
  expect(hashes).toBe(count);
  expect([page.pageInfo.startCursor, page.pageInfo.endCursor]).toEqual([cursors[0], cursors.at(-1)]);
  const returned = new ReturnedEntries();
  for (const [index, { node }] of page.edges.entries()) {
    returned.add(node.awsJobId);
    const filter = { service: 'DATA_EXCHANGE' } as const;
    const positions = positionsFrom(cursors[index] ?? '', filter, { caller: localCaller, cursorKey });
    expect(JSON.parse(JSON.stringify(positions))).toEqual({
      DATA_EXCHANGE: {
        lastId: node.awsJobId,
        lastIndex: index,
        notAfter: 1_000 * (count - index),
        given: returned.snapshot().toJSON(),
      },
    });
  }
});

test('A snapshot of the returned jobs does not change with later jobs, and a new listing can resume from its text', () => {
  const ids = listed.map(({ awsJobId }) => awsJobId);
  const whole = new ReturnedEntries();
  const texts = ids.map((id) => {
    expect(whole.add(id)).toBe(true);
    return whole.snapshot();
  });
  for (const [index, text] of texts.entries()) {
    const resumed = new ReturnedEntries(text.toJSON());
    const last = ids.slice(Math.max(0, index - 39), index + 1);
    expect(last.filter((id) => resumed.add(id))).toEqual([]);
    expect(resumed.snapshot().toJSON()).toBe(text.toJSON());
    const next = ids[index + 1];
    if (next === undefined) continue;
    expect(resumed.add(next)).toBe(true);
    expect(resumed.snapshot().toJSON()).toBe(texts[index + 1]?.toJSON());
  }
});
