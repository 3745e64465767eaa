/** Picks a data set by its name. */
import { useEffect, useState } from 'preact/hooks';
import { type DataSet, offeredDataSets } from '../catalog.ts';

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (awsDataSetId: string) => void;
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
