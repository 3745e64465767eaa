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

/** `nameOf` is what people call a data set. */
export function partsOf(filter: Filter, nameOf: (awsDataSetId: string) => string): readonly FilterPart[] {
  const { states = [], types = [], service, direction, dataSetId, createdAfter, createdBefore } = filter;
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
    ...(dataSetId ? [part(nameOf(dataSetId), { dataSetId: undefined })] : []),
    ...(createdAfter ? [part(`From ${dayOf(createdAfter)}`, { createdAfter: undefined })] : []),
    ...(createdBefore ? [part(`To ${dayOf(createdBefore)}`, { createdBefore: undefined })] : []),
  ];
}
