/** The data sets of the account with their revisions and assets, as far as they are offered to choose from. */
import { useEffect, useState } from 'preact/hooks';
import { request } from './gateway.ts';
import { graphql, type ResultOf } from './graphql.ts';

export const offeredDataSet = graphql(`fragment OfferedDataSet on DataSet { id awsDataSetId name origin assetType }`);
export const offeredRevision = graphql(`
  fragment OfferedRevision on Revision { id awsRevisionId comment isFinalized createdAt }
`);

export type DataSet = ResultOf<typeof offeredDataSet>;
export type Revision = ResultOf<typeof offeredRevision>;

/** What people call a revision. */
export function revisionName({ comment, createdAt }: Pick<Revision, 'comment' | 'createdAt'>): string {
  return comment || `of ${createdAt.slice(0, 10)}`;
}

/** An account may have thousands; what is not offered can be typed. */
const maxOffered = 500;

const dataSetsDocument = graphql(
  `query DataSets($after: String) {
  dataSets(first: 100, after: $after) { nodes { ...OfferedDataSet } pageInfo { hasNextPage endCursor } }
}`,
  [offeredDataSet],
);
const revisionsDocument = graphql(
  `query Revisions($id: ID!, $after: String) {
  node(id: $id) {
    ... on DataSet { revisions(first: 100, after: $after) { nodes { ...OfferedRevision } pageInfo { hasNextPage endCursor } } }
  }
}`,
  [offeredRevision],
);
const assetsDocument = graphql(`query Assets($id: ID!, $after: String) {
  node(id: $id) {
    ... on Revision { assets(first: 100, after: $after) { nodes { awsAssetId name } pageInfo { hasNextPage endCursor } } }
  }
}`);

interface Connection<Node> {
  readonly nodes: readonly (Node | null)[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Reads pages until there are enough. What cannot be read is not offered. */
async function all<Node>(
  read: (after: string | null) => Promise<Connection<Node> | null | undefined>,
): Promise<Node[]> {
  const nodes: Node[] = [];
  let after: string | null = null;
  do {
    const connection: Connection<Node> | null | undefined = await read(after);
    if (!connection) break;
    for (const node of connection.nodes) if (node) nodes.push(node);
    after = connection.pageInfo.hasNextPage ? connection.pageInfo.endCursor : null;
  } while (after !== null && nodes.length < maxOffered);
  return nodes;
}

/** How long a list is taken for the present one, in milliseconds. */
const freshMs = 60_000;

interface Kept<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

const lists = new Map<string, Kept<readonly unknown[]>>();

/** The list of that name, read again once it is old. An empty one may be for want of an answer. */
function kept<Node>(name: string, read: () => Promise<readonly Node[]>): Promise<readonly Node[]> {
  const known = lists.get(name) as Kept<readonly Node[]> | undefined;
  if (known !== undefined && Date.now() - known.at < freshMs) return known.value;
  const value = read();
  const forget = (): boolean => lists.delete(name);
  value.then((nodes) => nodes.length === 0 && forget(), forget);
  lists.set(name, { at: Date.now(), value });
  return value;
}

export function offeredDataSets(): Promise<readonly DataSet[]> {
  return kept('data sets', () =>
    all(async (after) => {
      const { data } = await request(dataSetsDocument, { after });
      return data?.dataSets;
    }),
  );
}

/** Those of the data set that AWS names so, newest first. */
export async function offeredRevisions(awsDataSetId: string): Promise<readonly Revision[]> {
  const dataSet = (await offeredDataSets()).find((each) => each.awsDataSetId === awsDataSetId);
  if (dataSet === undefined) return [];
  return kept(awsDataSetId, () =>
    all(async (after) => {
      const { data } = await request(revisionsDocument, { id: dataSet.id, after });
      return data?.node && 'revisions' in data.node ? data.node.revisions : undefined;
    }),
  );
}

/** Once a revision is made or published, the list is another. */
export function forgetRevisions(awsDataSetId: string): void {
  lists.delete(awsDataSetId);
}

export function forgetDataSets(): void {
  lists.delete('data sets');
}

export async function offeredAssets(awsDataSetId: string, awsRevisionId: string) {
  const revision = (await offeredRevisions(awsDataSetId)).find((each) => each.awsRevisionId === awsRevisionId);
  if (revision === undefined) return [];
  return all(async (after) => {
    const { data } = await request(assetsDocument, { id: revision.id, after });
    return data?.node && 'assets' in data.node ? data.node.assets : undefined;
  });
}

/** The data sets once they are read; none for somebody who may not read them. */
export function useDataSets(mayRead: boolean): readonly DataSet[] {
  return useOffered(mayRead ? offeredDataSets : undefined, mayRead);
}

/** Those of a data set once they are read; none without one. */
export function useRevisions(awsDataSetId: string | undefined): readonly Revision[] {
  return useOffered(awsDataSetId === undefined ? undefined : () => offeredRevisions(awsDataSetId), awsDataSetId);
}

function useOffered<Thing>(read: (() => Promise<readonly Thing[]>) | undefined, key: unknown): readonly Thing[] {
  const [offered, setOffered] = useState<readonly Thing[]>([]);
  useEffect(() => {
    let isCurrent = true;
    setOffered([]);
    read?.().then(
      (things) => isCurrent && setOffered(things),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return offered;
}
