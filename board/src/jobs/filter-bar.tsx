/** What to show in the list. Every choice is in the address at once. */
import { useId, useState } from 'preact/hooks';
import { revisionName, useDataSets, useRevisions } from '../catalog.ts';
import { directionWords, type JobState, serviceWords, stateWords, typeWords } from '../words.ts';
import { Choice, Day, Toggle } from './choices.tsx';
import { type Filter, withoutContradictions } from './filter.ts';
import { type FilterNames, partsOf } from './filter-words.ts';
import { Jump } from './jump.tsx';

interface Props {
  readonly filter: Filter;
  readonly mayReadNames: boolean;
  readonly onChange: (filter: Filter) => void;
}

const states = Object.entries(stateWords).filter(([state]) => state !== 'UNKNOWN') as [JobState, string][];

/** Where there is room the states are in sight; the rest, and on a phone all, is behind one button. */
export function FilterBar({ filter, mayReadNames, onChange }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const panel = useId();
  const dataSets = useDataSets(mayReadNames);
  const names = Object.fromEntries(dataSets.map(({ awsDataSetId, name }) => [awsDataSetId, name]));
  const change = (part: Partial<Filter>): void => onChange(withoutContradictions({ ...filter, ...part }));
  const parts = partsOf(filter, useFilterNames(filter, names, mayReadNames));
  return (
    <search class={isOpen ? 'filters is-open' : 'filters'}>
      <button
        type="button"
        class="filters-button"
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => setIsOpen(!isOpen)}
      >
        Filters{parts.length > 0 && ` (${parts.length})`}
      </button>
      <Jump />
      <fieldset class="states">
        <legend class="visually-hidden">State</legend>
        {states.map(([state, word]) => (
          <Toggle
            key={state}
            word={word}
            isOn={filter.states?.includes(state) ?? false}
            onToggle={(isOn) => change({ states: toggled(filter.states, state, isOn) })}
          />
        ))}
      </fieldset>
      <div class="filters-panel" id={panel}>
        <Choice
          label="Service"
          value={filter.service}
          words={serviceWords}
          onChange={(service) =>
            change({ service, types: [], direction: undefined, dataSetId: undefined, revisionId: undefined })
          }
        />
        {filter.service !== 'IMPORT_EXPORT' && (
          <Choice
            label="Type"
            value={filter.types?.[0]}
            words={typeWords}
            onChange={(type) => change({ types: type ? [type] : [], direction: undefined })}
          />
        )}
        {filter.service !== 'DATA_EXCHANGE' && (
          <Choice
            label="Direction"
            value={filter.direction}
            words={directionWords}
            onChange={(direction) => change({ direction, types: [], dataSetId: undefined, revisionId: undefined })}
          />
        )}
        {filter.service !== 'IMPORT_EXPORT' && mayReadNames && (
          <Choice
            label="Data set"
            value={filter.dataSetId}
            words={filter.dataSetId ? { [filter.dataSetId]: filter.dataSetId, ...names } : names}
            onChange={(dataSetId) => change({ dataSetId, revisionId: undefined, direction: undefined })}
          />
        )}
        <Day label="Created from" value={filter.createdAfter} onChange={(createdAfter) => change({ createdAfter })} />
        <Day label="Created to" value={filter.createdBefore} onChange={(createdBefore) => change({ createdBefore })} />
      </div>
      {parts.length > 0 && (
        <ul class="chips" aria-label="Active filters">
          {parts.map(({ word, rest, isState }) => (
            <li key={word} class={isState ? 'of-state' : undefined}>
              <button type="button" class="chip" onClick={() => onChange(rest)}>
                {word} <span aria-hidden="true">×</span>
                <span class="visually-hidden">: remove this filter</span>
              </button>
            </li>
          ))}
          <li>
            <button type="button" class="quiet" onClick={() => onChange({})}>
              Clear all
            </button>
          </li>
        </ul>
      )}
    </search>
  );
}

/** Until the names are read, which takes a moment, it says only what they are names of. */
function useFilterNames(
  { dataSetId = '', revisionId = '' }: Filter,
  names: Readonly<Record<string, string>>,
  mayReadNames: boolean,
): FilterNames {
  const revisions = useRevisions(mayReadNames && revisionId !== '' ? dataSetId : undefined);
  const revision = revisions.find(({ awsRevisionId }) => awsRevisionId === revisionId);
  const isUnread = mayReadNames && Object.keys(names).length === 0;
  return {
    dataSet: names[dataSetId] ?? (isUnread ? 'Data set' : dataSetId),
    revision: `Revision ${revision ? revisionName(revision) : revisionId}`,
  };
}

function toggled(all: readonly JobState[] = [], one: JobState, isOn: boolean): readonly JobState[] {
  return isOn ? [...all, one] : all.filter((each) => each !== one);
}
