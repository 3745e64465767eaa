/** A page of a list in the shape of Relay's connections. */
import { defaultPageSize, fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { Maybe } from '../model/maybe.ts';
import { invalidArgument } from './failures.ts';

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: Edge<Node>[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
}

/** The number of entries to give for the argument `first`. Throws if there may be no such page. */
export function pageSizeFrom(first: Maybe<number>): number {
  const size = first ?? defaultPageSize;
  if (!fits(size, sizes.page)) throw invalidArgument('first', `takes ${rangeOf(sizes.page)}`);
  return size;
}

export interface PageEnd {
  readonly hasNextPage: boolean;
  /** Computes the `endCursor` when it is selected. Absent: the cursor of the last edge, or null. */
  readonly endCursor?: () => string | null;
}

/**
 * The page of `edges`. Reads a cursor only when it is selected, as an edge may compute it. Lists page forward only, so
 * no page has a previous one.
 */
export function connectionFrom<Node>(
  edges: Edge<Node>[],
  { hasNextPage, endCursor = () => edges.at(-1)?.cursor ?? null }: PageEnd,
): Connection<Node> {
  const pageInfo = {
    get startCursor() {
      return edges[0]?.cursor ?? null;
    },
    get endCursor() {
      return endCursor();
    },
    hasNextPage,
    hasPreviousPage: false,
  };
  return { edges, pageInfo };
}

export function nodesOf<Node>({ edges }: Pick<Connection<Node>, 'edges'>): readonly Node[] {
  return edges.map(({ node }) => node);
}
