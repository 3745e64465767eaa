/** Paging through a list of the catalog in any order while it changes: nothing is lost or repeated in silence. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localCaller } from '../../src/identity/caller.ts';
import { BackendError } from '../../src/model/errors.ts';
import { type CatalogPosition, catalogCursorFrom, catalogPositionFrom } from '../../src/resolvers/catalog-cursor.ts';
import { type CatalogLists, listCatalog } from '../../src/resolvers/catalog-listing.ts';
import { catalogRuns } from './runs.ts';

interface Entry {
  readonly id: string;
}

/** A change between two pages, at a place in the list as a share of its length. */
interface Change {
  readonly kind: 'delete' | 'insert';
  readonly part: 0 | 1;
  readonly at: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('delete', 'insert'),
  part: fc.constantFrom(0, 1),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

/** The service's pages: a token names the last entry of a page, and is refused once that entry is gone. */
function listsOf(parts: readonly Entry[][], maxPage: number): CatalogLists<Entry> {
  return {
    idOf: ({ id }) => id,
    parts: parts.map((entries) => async ({ limit, nextToken }) => {
      const before = nextToken === undefined ? -1 : entries.findIndex(({ id }) => id === nextToken);
      if (nextToken !== undefined && before === -1)
        throw new BackendError({ service: 'DATA_EXCHANGE', code: 'INVALID_INPUT', message: 'The token is not valid.' });
      const end = before + 1 + Math.min(limit, maxPage);
      const page = entries.slice(before + 1, end);
      return { entries: page, nextToken: end < entries.length ? (page.at(-1)?.id ?? null) : null };
    }),
  };
}

const context = { caller: localCaller, cursorKey: new Uint8Array(32) };

/** One page of `size`, and the position behind it as it comes back from a client. */
async function pageFrom(lists: CatalogLists<Entry>, from: CatalogPosition, size: number) {
  const { signal } = new AbortController();
  const listed: { readonly id: string; readonly position: CatalogPosition }[] = [];
  for await (const entries of listCatalog(lists, from, { limit: size + 1, signal })) {
    for (const { entry, position } of entries)
      listed.push({ id: entry instanceof BackendError ? 'unreadable' : entry.id, position });
    if (listed.length > size) break;
  }
  const page = listed.slice(0, size);
  const cursor = catalogCursorFrom(page.at(-1)?.position ?? from, 'list', context);
  return {
    ids: page.map(({ id }) => id),
    hasMore: listed.length > size,
    behind: catalogPositionFrom(cursor, 'list', context),
  };
}

let inserted = 0;

function apply(parts: readonly Entry[][], { kind, part, at }: Change): void {
  const entries = parts[part];
  if (entries === undefined) return;
  const index = Math.floor(at * (entries.length + (kind === 'insert' ? 1 : 0)));
  inserted += 1;
  if (kind === 'insert') entries.splice(index, 0, { id: `inserted${inserted}` });
  else entries.splice(index, 1);
}

const lengths = fc.tuple(fc.nat(60), fc.nat(60));

test('Whatever appears or goes between pages, what stays is on exactly one page, or the cursor is refused', async () => {
  let completed = 0;
  await fc.assert(
    fc.asyncProperty(
      lengths,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 20 }),
      async (counts, size, maxPage, changes) => {
        const parts = counts.map((count, part) =>
          Array.from({ length: count }, (_, index) => ({ id: `${part}.${index}` })),
        );
        const lists = listsOf(parts, maxPage);
        const present = new Set(parts.flat().map(({ id }) => id));
        const seen: string[] = [];
        let position: CatalogPosition | undefined = { part: 0 };
        try {
          for (let pages = 0; position !== undefined; pages += 1) {
            const page: Awaited<ReturnType<typeof pageFrom>> = await pageFrom(lists, position, size);
            seen.push(...page.ids);
            position = page.hasMore ? page.behind : undefined;
            for (const each of changes[pages] ?? []) apply(parts, each);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_INPUT' });
          return;
        }
        completed += 1;
        expect(new Set(seen).size).toBe(seen.length);
        const stayed = parts.flat().filter(({ id }) => present.has(id));
        expect(stayed.filter(({ id }) => !seen.includes(id))).toEqual([]);
      },
    ),
    { numRuns: catalogRuns },
  );
  expect(completed).toBeGreaterThan(catalogRuns / 2);
});

test('A page behind any entry goes on with the next one', async () => {
  const parts = [Array.from({ length: 25 }, (_, index) => ({ id: `a${index}` })), [{ id: 'b0' }, { id: 'b1' }]];
  const expected = parts.flat().map(({ id }) => id);
  for (const maxPage of [1, 7, 200]) {
    const lists = listsOf(parts, maxPage);
    for (let size = 1; size < expected.length; size += 1) {
      const { behind } = await pageFrom(lists, { part: 0 }, size);
      const rest = await pageFrom(lists, behind ?? { part: 0 }, 50);
      expect(rest.ids).toEqual(expected.slice(size));
    }
  }
});
