/** Makes one page of a connection of the catalog. */
import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import { BackendError } from '../model/errors.ts';
import type { Maybe } from '../model/maybe.ts';
import { type CatalogPosition, catalogCursorFrom, catalogPositionFrom } from './catalog-cursor.ts';
import { type CatalogLists, type ListedEntry, listCatalog } from './catalog-listing.ts';
import { type Connection, connectionFrom, pageSizeFrom } from './connection.ts';
import type { Context } from './context.ts';
import { invalidArgument, reportEntry } from './failures.ts';

export interface PageArguments {
  readonly first?: Maybe<number>;
  readonly after?: Maybe<string>;
}

/** An entry that could not be read is null. */
export type CatalogConnection<Entry> = Connection<Entry | null>;

export interface CatalogList<Entry> extends CatalogLists<Entry> {
  /** Names the list in its cursors. */
  readonly name: string;
  /** Where the operation finds what was listed. */
  readonly loader: { readonly add: (entry: Entry) => void };
}

export async function connectionOf<Entry extends object>(
  list: CatalogList<Entry>,
  { first, after }: PageArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CatalogConnection<Entry>> {
  const size = pageSizeFrom(first);
  const start = after == null ? { part: 0 } : catalogPositionFrom(after, list.name, context);
  if (start === undefined) throw unusableCursor();
  const { taken, hasNextPage } = await take(list, start, size, context).catch((error: unknown) => {
    // The service no longer accepts the token, or the position is lost.
    const isOfCursor = after != null && error instanceof BackendError && error.code === 'INVALID_INPUT';
    throw isOfCursor ? unusableCursor() : error;
  });
  for (const [index, { entry }] of taken.entries()) {
    if (entry instanceof BackendError) reportEntry(entry, index, context, info);
    else list.loader.add(entry);
  }
  const edges = taken.map(({ entry, position }) => ({
    // Computed when selected.
    get cursor() {
      return catalogCursorFrom(position, list.name, context);
    },
    node: entry instanceof BackendError ? null : entry,
  }));
  return connectionFrom(edges, { hasNextPage });
}

function unusableCursor(): GraphQLError {
  return invalidArgument(
    'after',
    'takes a cursor of this list under the same arguments; one whose place in the list is gone is not valid any more',
  );
}

interface Taken<Entry> {
  readonly taken: readonly ListedEntry<Entry>[];
  readonly hasNextPage: boolean;
}

/** One entry more than the page holds shows whether there is a next page. */
async function take<Entry>(
  list: CatalogList<Entry>,
  start: CatalogPosition,
  size: number,
  { signal }: Context,
): Promise<Taken<Entry>> {
  const taken: ListedEntry<Entry>[] = [];
  for await (const listed of listCatalog(list, start, { limit: size + 1, signal })) {
    taken.push(...listed);
    if (taken.length > size) return { taken: taken.slice(0, size), hasNextPage: true };
  }
  return { taken, hasNextPage: false };
}
