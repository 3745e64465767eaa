/** The filter of the list, as it is in the address: what is shared by link is what the other one sees. */

export interface Filter {
  readonly service?: string;
  readonly states?: readonly string[];
  readonly types?: readonly string[];
  readonly direction?: string;
  readonly dataSetId?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
}

const single = ['service', 'direction', 'dataSetId', 'createdAfter', 'createdBefore'] as const;
const several = ['states', 'types'] as const;

export function filterFrom(search: URLSearchParams): Filter {
  const entries: [string, string | string[]][] = [];
  for (const name of single) {
    const value = search.get(name);
    if (value) entries.push([name, value]);
  }
  for (const name of several) {
    const values = search.get(name)?.split(',').filter(Boolean) ?? [];
    if (values.length > 0) entries.push([name, values]);
  }
  return Object.fromEntries(entries);
}

export function searchFrom(filter: Filter): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && value.length > 0)
      search.set(name, Array.isArray(value) ? value.join(',') : String(value));
  return search;
}

/** As `JobFilter` of the schema: dates of a day are its instants in the person's own zone. */
export function jobFilterFrom({ createdAfter, createdBefore, ...others }: Filter): Readonly<Record<string, unknown>> {
  return {
    ...others,
    ...(createdAfter && { createdAfter: startOf(createdAfter, 0) }),
    ...(createdBefore && { createdBefore: startOf(createdBefore, 1) }),
  };
}

/** The first instant of a day such as `2026-11-29`, or of the one `days` later. */
function startOf(day: string, days: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + days).toISOString();
}

/** Whether the filter can be shown: two of the schema's rules are easy to break by hand. */
export function withoutContradictions(filter: Filter): Filter {
  const { types, direction, dataSetId, ...others } = filter;
  if (filter.service === 'IMPORT_EXPORT') return { ...others, ...(direction && { direction }) };
  if (filter.service === 'DATA_EXCHANGE')
    return { ...others, ...(types && { types }), ...(dataSetId && { dataSetId }) };
  return direction && (types || dataSetId) ? { ...others, direction } : filter;
}
