/** What to show in the list. Every choice is in the address at once. */
import { useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { codeOf, request } from '../gateway.ts';
import { directionWords, type JobService, type JobState, serviceWords, stateWords, typeWords } from '../words.ts';
import { DataSetPicker } from './data-set-picker.tsx';
import { type Filter, withoutContradictions } from './filter.ts';

interface Props {
  readonly filter: Filter;
  readonly mayReadNames: boolean;
  readonly onChange: (filter: Filter) => void;
}

const states = Object.entries(stateWords).filter(([state]) => state !== 'UNKNOWN') as [JobState, string][];

export function FilterBar({ filter, mayReadNames, onChange }: Props) {
  const change = (part: Partial<Filter>): void => onChange(withoutContradictions({ ...filter, ...part }));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <search class="filters">
      <fieldset class="chips">
        <legend>State</legend>
        {states.map(([state, word]) => (
          <Chip
            key={state}
            word={word}
            isOn={filter.states?.includes(state) ?? false}
            onToggle={(isOn) => change({ states: toggled(filter.states, state, isOn) })}
          />
        ))}
      </fieldset>
      <Choice
        label="Service"
        value={filter.service}
        words={serviceWords}
        onChange={(service) => change({ service, types: [], direction: '', dataSetId: '' })}
      />
      {filter.service !== 'IMPORT_EXPORT' && (
        <Choice
          label="Type"
          value={filter.types?.[0]}
          words={typeWords}
          onChange={(type) => change({ types: type ? [type] : [], direction: '' })}
        />
      )}
      {filter.service !== 'DATA_EXCHANGE' && (
        <Choice
          label="Direction"
          value={filter.direction}
          words={directionWords}
          onChange={(direction) => change({ direction, types: [], dataSetId: '' })}
        />
      )}
      {filter.service !== 'IMPORT_EXPORT' && mayReadNames && (
        <DataSetPicker
          label="Data set"
          value={filter.dataSetId}
          onChange={(dataSetId) => change({ dataSetId, direction: '' })}
        />
      )}
      <Day label="From" value={filter.createdAfter} onChange={(createdAfter) => change({ createdAfter })} />
      <Day label="To" value={filter.createdBefore} onChange={(createdBefore) => change({ createdBefore })} />
      <Jump />
      {isFiltered && (
        <button type="button" class="quiet" onClick={() => onChange({})}>
          Clear filters
        </button>
      )}
    </search>
  );
}

function toggled(all: readonly string[] = [], one: string, isOn: boolean): readonly string[] {
  return isOn ? [...all, one] : all.filter((each) => each !== one);
}

interface ChipProps {
  readonly word: string;
  readonly isOn: boolean;
  readonly onToggle: (isOn: boolean) => void;
}

function Chip({ word, isOn, onToggle }: ChipProps) {
  return (
    <button type="button" class="chip" aria-pressed={isOn} onClick={() => onToggle(!isOn)}>
      {word}
    </button>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly words: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value = '', words, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">All</option>
        {Object.entries(words).map(([name, word]) => (
          <option key={name} value={name}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

function Day({ label, value = '', onChange }: DayProps) {
  return (
    <label>
      {label}
      <input type="date" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
    </label>
  );
}

const byAwsId = `query ByAwsId($service: JobService!, $awsJobId: String!) {
  jobByAwsId(service: $service, awsJobId: $awsJobId) { id }
}`;

/** Goes to the job that AWS names so. The form of the id says whose it is. */
function Jump() {
  const [, navigate] = useLocation();
  const [failure, setFailure] = useState('');
  async function jump(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const awsJobId = String(new FormData(event.currentTarget as HTMLFormElement).get('awsJobId')).trim();
    if (awsJobId === '') return;
    const service: JobService = /^[0-9a-f]{32}$/.test(awsJobId) ? 'DATA_EXCHANGE' : 'IMPORT_EXPORT';
    const answer = await request<{ jobByAwsId: { id: string } | null }>(byAwsId, { service, awsJobId });
    const id = answer.data?.jobByAwsId?.id;
    if (id !== undefined) navigate(`/jobs/${id}`);
    else
      setFailure(codeOf(answer) === undefined ? `No job has the id ${awsJobId}.` : (answer.errors?.[0]?.message ?? ''));
  }
  return (
    <form class="jump" onSubmit={(event) => void jump(event)}>
      <label>
        Go to an AWS id
        <input name="awsJobId" autocomplete="off" spellcheck={false} onInput={() => setFailure('')} />
      </label>
      {failure && <p role="alert">{failure}</p>}
    </form>
  );
}
