/** The filter of the list, as it is in the address: what is shared by link is what the other one sees. */
import {
  type Direction,
  directionWords,
  type JobService,
  type JobState,
  type JobType,
  serviceWords,
  stateWords,
  typeWords,
} from '../words.ts';
import type { JobFilter } from './store.ts';

export interface Filter {
  readonly service?: JobService | undefined;
  readonly states?: readonly JobState[];
  readonly types?: readonly JobType[];
  readonly direction?: Direction | undefined;
  readonly dataSetId?: string | undefined;
  /** Of that data set. */
  readonly revisionId?: string | undefined;
  /** Days, such as `2026-11-29`. */
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
}

const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

/** What may stand in the address: it can be typed by hand. */
const single: Readonly<Record<string, (value: string) => boolean>> = {
  service: (value) => value in serviceWords,
  direction: (value) => value in directionWords,
  dataSetId: (value) => value !== '',
  revisionId: (value) => value !== '',
  createdAfter: isDay,
  createdBefore: isDay,
};
const several: Readonly<Record<string, object>> = { states: stateWords, types: typeWords };

export function filterFrom(search: URLSearchParams): Filter {
  const entries: [string, string | string[]][] = [];
  for (const [name, isPossible] of Object.entries(single)) {
    const value = search.get(name);
    if (value !== null && isPossible(value)) entries.push([name, value]);
  }
  for (const [name, words] of Object.entries(several)) {
    const values = search.get(name)?.split(',') ?? [];
    const known = values.filter((value) => value in words);
    if (known.length > 0) entries.push([name, known]);
  }
  return withoutContradictions(Object.fromEntries(entries));
}

export function searchFrom(filter: Filter): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && value.length > 0)
      search.set(name, Array.isArray(value) ? value.join(',') : String(value));
  return search;
}

/** As `JobFilter` of the schema: dates of a day are its instants in the person's own zone. */
export function jobFilterFrom({ createdAfter, createdBefore, ...others }: Filter): JobFilter {
  const { service, states, types, direction, dataSetId, revisionId } = others;
  return {
    ...(service && { service }),
    ...(states && { states }),
    ...(types && { types }),
    ...(direction && { direction }),
    ...(dataSetId && { dataSetId }),
    ...(revisionId && { revisionId }),
    ...(createdAfter && { createdAfter: startOf(createdAfter, 0) }),
    ...(createdBefore && { createdBefore: startOf(createdBefore, 1) }),
  };
}

/** The first instant of a day such as `2026-11-29`, or of the one `days` later. */
function startOf(day: string, days: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + days).toISOString();
}

/** Without what no job can fit: types and data sets are of Data Exchange, and directions of Import/Export. */
export function withoutContradictions(filter: Filter): Filter {
  const { types, direction, dataSetId, revisionId, ...others } = filter;
  const isOfDisks = filter.service === 'IMPORT_EXPORT' || (direction && filter.service !== 'DATA_EXCHANGE');
  if (isOfDisks) return { ...others, ...(direction && { direction }) };
  return {
    ...others,
    ...(types && { types }),
    ...(dataSetId && { dataSetId }),
    ...(dataSetId && revisionId && { revisionId }),
  };
}

/** No job was created after the last day and before the first. */
export function isBackwards({ createdAfter, createdBefore }: Filter): boolean {
  return createdAfter !== undefined && createdBefore !== undefined && createdAfter > createdBefore;
}
