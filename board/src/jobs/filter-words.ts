/** A filter in words, each part of it to take away again. */
import { directionWords, serviceWords, stateWords, typeWords } from '../words.ts';
import type { Filter } from './filter.ts';

export interface FilterPart {
  readonly word: string;
  /** The filter without it. */
  readonly rest: Filter;
  /** Where there is room, the states are in sight anyway. */
  readonly isState: boolean;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

function dayOf(value: string): string {
  return day.format(new Date(`${value}T00:00`));
}

/** What people call the data set and the revision of a filter. */
export interface FilterNames {
  readonly dataSet: string;
  readonly revision: string;
}

export function partsOf(filter: Filter, names: FilterNames): readonly FilterPart[] {
  const { states = [], types = [], service, direction, dataSetId, revisionId, createdAfter, createdBefore } = filter;
  const part = (word: string, change: Filter): FilterPart => ({
    word,
    rest: { ...filter, ...change },
    isState: change.states !== undefined,
  });
  return [
    ...states.map((state) => part(stateWords[state], { states: states.filter((each) => each !== state) })),
    ...(service ? [part(serviceWords[service], { service: undefined })] : []),
    ...types.map((type) => part(typeWords[type], { types: types.filter((each) => each !== type) })),
    ...(direction ? [part(directionWords[direction], { direction: undefined })] : []),
    ...(dataSetId ? [part(names.dataSet, { dataSetId: undefined, revisionId: undefined })] : []),
    ...(revisionId ? [part(names.revision, { revisionId: undefined })] : []),
    ...(createdAfter ? [part(`From ${dayOf(createdAfter)}`, { createdAfter: undefined })] : []),
    ...(createdBefore ? [part(`To ${dayOf(createdBefore)}`, { createdBefore: undefined })] : []),
  ];
}
