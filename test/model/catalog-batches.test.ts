/** Batched reads of the catalog give what single reads would, whatever the lists leave out or refuse, in bounded calls. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CatalogPage, CatalogReader } from '../../src/backends/catalog-backend.ts';
import {
  type Outcomes,
  readAssets,
  readDataSets,
  readRevisions,
} from '../../src/backends/data-exchange/catalog/catalog-batch.ts';
import {
  type Asset,
  assetKey,
  type CatalogEntry,
  type DataSet,
  dataSetKey,
  type KnownDataSetOrigin,
  type Revision,
  revisionKey,
} from '../../src/model/catalog.ts';
import { BackendError } from '../../src/model/errors.ts';
import { catalogRuns } from './runs.ts';

const idOf = (number: number): string => String(number).padStart(32, '0');

const common = { arn: 'arn', createdAt: new Date(0), updatedAt: new Date(0) };

type Refusal = 'ACCESS_DENIED' | 'NOT_FOUND' | 'UPSTREAM_REJECTED';

interface World {
  /** By the index of the data set: its origin, and its revisions by their number of assets. */
  readonly dataSets: readonly { readonly isOwned: boolean; readonly revisions: readonly number[] }[];
  /** Entries that lists leave out, or whose single read is refused, by their position among all. */
  readonly unlisted: ReadonlySet<number>;
  readonly refused: ReadonlyMap<number, Refusal>;
  /** What every list is refused with. */
  readonly lists: 'ACCESS_DENIED' | 'UPSTREAM_BAD_RESPONSE' | null;
  readonly pageSize: number;
}

const world: fc.Arbitrary<World> = fc.record({
  dataSets: fc.array(
    fc.record({ isOwned: fc.boolean(), revisions: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 }) }),
    { maxLength: 30 },
  ),
  unlisted: fc.uniqueArray(fc.nat(400), { maxLength: 60 }).map((numbers) => new Set(numbers)),
  refused: fc
    .array(fc.tuple(fc.nat(400), fc.constantFrom<Refusal>('ACCESS_DENIED', 'NOT_FOUND', 'UPSTREAM_REJECTED')), {
      maxLength: 30,
    })
    .map((pairs) => new Map(pairs)),
  lists: fc.option(fc.constantFrom('ACCESS_DENIED', 'UPSTREAM_BAD_RESPONSE'), { freq: 4 }),
  pageSize: fc.integer({ min: 1, max: 200 }),
});

/** The entries of `world`, each with its position among all, and a backend that has them. */
function backendOf({ dataSets, unlisted, refused, lists, pageSize }: World) {
  const positions = new Map<string, number>();
  const place = <Entry>(key: string, entry: Entry): Entry => {
    positions.set(key, positions.size);
    return entry;
  };
  const sets: DataSet[] = [];
  const revisions: Revision[] = [];
  const assets: Asset[] = [];
  for (const [index, { isOwned, revisions: sizes }] of dataSets.entries()) {
    const awsDataSetId = idOf(index);
    const origin: KnownDataSetOrigin = isOwned ? 'OWNED' : 'ENTITLED';
    const type = { assetType: 'S3_SNAPSHOT', assetTypeCode: 'S3_SNAPSHOT' } as const;
    const named = { ...common, ...type, awsDataSetId, origin, originCode: origin };
    sets.push(place(awsDataSetId, { ...named, kind: 'DataSet', name: `${index}`, description: null }));
    for (const [number, count] of sizes.entries()) {
      const ref = { awsDataSetId, awsRevisionId: idOf(number) };
      const state = { comment: null, isFinalized: true, isRevoked: false, revocationComment: null };
      revisions.push(place(revisionKey(ref), { ...common, ...ref, ...state, kind: 'Revision' }));
      for (let asset = 0; asset < count; asset += 1) {
        const assetRef = { ...ref, awsAssetId: idOf(asset) };
        const file = { ...common, ...type, ...assetRef, name: `${asset}`, sizeBytes: 1 };
        assets.push(place(assetKey(assetRef), { ...file, kind: 'Asset' }));
      }
    }
  }
  const counted = { calls: 0 };
  const one = async <Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => string, key: string) => {
    counted.calls += 1;
    const refusal = refused.get(positions.get(key) ?? -1);
    const entry = entries.find((each) => keyOf(each) === key);
    if (refusal !== undefined) throw errorOf(refusal);
    if (entry === undefined) throw errorOf('NOT_FOUND');
    return entry;
  };
  const page = async <Entry>(
    entries: readonly Entry[],
    keyOf: (entry: Entry) => string,
    { limit, nextToken = '0' }: { limit: number; nextToken?: string },
  ): Promise<CatalogPage<Entry>> => {
    counted.calls += 1;
    if (lists !== null) throw errorOf(lists);
    // Lists have nothing that a single read would refuse.
    const listed = entries.filter((entry) => {
      const position = positions.get(keyOf(entry)) ?? -1;
      return !unlisted.has(position) && !refused.has(position);
    });
    const start = Number(nextToken);
    const end = start + Math.min(limit, pageSize);
    return { entries: listed.slice(start, end), nextToken: end < listed.length ? String(end) : null };
  };
  const backend: CatalogReader = {
    getDataSet: (ref) => one(sets, dataSetKey, dataSetKey(ref)),
    getRevision: (ref) => one(revisions, revisionKey, revisionKey(ref)),
    getAsset: (ref) => one(assets, assetKey, assetKey(ref)),
    listDataSets: ({ origin, ...request }) =>
      page(
        sets.filter((each) => each.origin === origin),
        dataSetKey,
        request,
      ),
    listRevisions: ({ awsDataSetId, ...request }) =>
      page(
        revisions.filter((each) => each.awsDataSetId === awsDataSetId),
        revisionKey,
        request,
      ),
    listAssets: ({ awsDataSetId, awsRevisionId, ...request }) =>
      page(
        assets.filter((each) => each.awsDataSetId === awsDataSetId && each.awsRevisionId === awsRevisionId),
        assetKey,
        request,
      ),
  };
  return { backend, counted, keys: [...positions.keys()] };
}

function errorOf(code: BackendError['code']): BackendError {
  return new BackendError({ service: 'DATA_EXCHANGE', code, message: code });
}

const { signal } = new AbortController();
const options = { signal };

const kinds = [
  {
    kind: 'data sets',
    depth: 1,
    parents: () => 2,
    read: readDataSets,
    readOne: (backend: CatalogReader, [awsDataSetId = '']: readonly string[]) =>
      backend.getDataSet({ awsDataSetId }, options),
  },
  {
    kind: 'revisions',
    depth: 2,
    parents: numberOfParents,
    read: readRevisions,
    readOne: (backend: CatalogReader, [awsDataSetId = '', awsRevisionId = '']: readonly string[]) =>
      backend.getRevision({ awsDataSetId, awsRevisionId }, options),
  },
  {
    kind: 'assets',
    depth: 3,
    parents: numberOfParents,
    read: readAssets,
    readOne: (backend: CatalogReader, [awsDataSetId = '', awsRevisionId = '', awsAssetId = '']: readonly string[]) =>
      backend.getAsset({ awsDataSetId, awsRevisionId, awsAssetId }, options),
  },
] as const;

function numberOfParents(keys: readonly string[]): number {
  return new Set(keys.map((key) => key.slice(0, key.lastIndexOf('/')))).size;
}

test.each(kinds)(
  'Batched reads of $kind equal single reads, in at most a call each and a page for each list',
  async (each) => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.array(fc.nat(400), { maxLength: 120 }),
        fc.array(fc.nat(60), { maxLength: 6 }),
        async (made, chosen, absent) => {
          const { backend, counted, keys } = backendOf(made);
          const known = keys.filter((key) => key.split('/').length === each.depth);
          const missing = absent.map((number) => Array.from({ length: each.depth }, () => idOf(number + 20)).join('/'));
          const wanted = [
            ...new Set([...chosen.flatMap((number) => known[number % (known.length || 1)] ?? []), ...missing]),
          ];
          const batched: Outcomes<CatalogEntry> = await each.read(backend, wanted, options);
          const calls = counted.calls;
          expect([...batched.keys()]).toEqual(wanted);
          expect(calls).toBeLessThanOrEqual(wanted.length + each.parents(wanted));
          for (const key of wanted) {
            const single = await each.readOne(backend, key.split('/')).catch((error: unknown) => error);
            const outcome = batched.get(key);
            if (single instanceof BackendError) expect((outcome as BackendError).code).toBe(single.code);
            else expect(outcome).toEqual(single);
          }
        },
      ),
      { numRuns: catalogRuns },
    );
  },
);
