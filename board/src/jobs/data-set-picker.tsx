/** Picks a data set by its name. */
import { useEffect, useState } from 'preact/hooks';
import { request } from '../gateway.ts';

interface DataSet {
  readonly awsDataSetId: string;
  readonly name: string;
}

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (awsDataSetId: string) => void;
}

const dataSets = `query DataSets($after: String) {
  dataSets(first: 100, after: $after) {
    nodes { awsDataSetId name }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  readonly dataSets: {
    readonly nodes: readonly (DataSet | null)[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  } | null;
}

/** An account may have thousands: the picker offers the first of them, and names the chosen one wherever it is. */
export const maxOffered = 500;

/** The names of the account's data sets, up to `maxOffered`. */
export async function offeredDataSets(): Promise<readonly DataSet[]> {
  const offered: DataSet[] = [];
  let after: string | null = null;
  do {
    const answer: { readonly data?: Page | null } = await request<Page>(dataSets, { after });
    const page = answer.data?.dataSets;
    if (!page) break;
    for (const node of page.nodes) if (node) offered.push(node);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null && offered.length < maxOffered);
  return offered;
}

export function DataSetPicker({ label, value = '', onChange }: Props) {
  const [offered, setOffered] = useState<readonly DataSet[]>([]);
  useEffect(() => {
    offeredDataSets().then(setOffered, () => {});
  }, []);
  const isKnown = value === '' || offered.some(({ awsDataSetId }) => awsDataSetId === value);
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">All</option>
        {!isKnown && <option value={value}>{value}</option>}
        {offered.map(({ awsDataSetId, name }) => (
          <option key={awsDataSetId} value={awsDataSetId}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
