/** Picks data sets, revisions and assets by what people call them. */
import { useEffect, useState } from 'preact/hooks';
import { type DataSet, offeredAssets, offeredDataSets, offeredRevisions, type Revision } from '../catalog.ts';
import type { Enum } from '../graphql.ts';
import { absoluteTime } from '../parts/time.tsx';
import { Combobox, type ComboboxProps, type Option } from './combobox.tsx';
import { useForm } from './form-context.ts';
import { NewDataSet, NewRevision } from './new-in-passing.tsx';

/** The options that `read` finds, again whenever one of the `inputs` changes. */
function useOptions(read: () => Promise<readonly Option[]>, inputs: readonly unknown[]): readonly Option[] {
  const [options, setOptions] = useState<readonly Option[]>([]);
  useEffect(() => {
    let isCurrent = true;
    read().then(
      (found) => isCurrent && setOptions(found),
      () => isCurrent && setOptions([]),
    );
    return () => {
      isCurrent = false;
    };
  }, inputs);
  return options;
}

/** Imports need a data set that the account owns; those that hold the right kind of assets come first. */
export function DataSetPicker(props: ComboboxProps) {
  const { isExport, assetType, mayPublish } = useForm();
  const [made, setMade] = useState(0);
  const options = useOptions(async () => {
    const all = (await offeredDataSets()).filter(({ origin }) => isExport || origin === 'OWNED');
    const fitting = (dataSet: DataSet): number => (dataSet.assetType === assetType ? 0 : 1);
    return [...all].sort((left, right) => fitting(left) - fitting(right)).map(optionOfDataSet);
  }, [made]);
  return (
    <>
      <Combobox {...props} options={options} placeholder="Choose a data set" />
      {mayPublish && !isExport && assetType && (
        <NewDataSet
          assetType={assetType}
          onMade={(awsDataSetId) => {
            setMade(made + 1);
            props.onChange(awsDataSetId);
          }}
        />
      )}
    </>
  );
}

const assetWords: Readonly<Record<Enum<'AssetType'>, string>> = {
  API_GATEWAY_API: 'APIs',
  LAKE_FORMATION_DATA_PERMISSION: 'Lake Formation permissions',
  REDSHIFT_DATA_SHARE: 'Redshift data shares',
  S3_DATA_ACCESS: 'access to S3',
  S3_SNAPSHOT: 'files',
  UNKNOWN: 'other assets',
};

function optionOfDataSet({ awsDataSetId, name, origin, assetType }: DataSet): Option {
  const whose = origin === 'OWNED' ? '' : ', shared with you';
  const detail = `holds ${assetWords[assetType]}${whose} · ${awsDataSetId.slice(0, 8)}…`;
  return { value: awsDataSetId, word: name, detail };
}

interface RevisionProps extends ComboboxProps {
  readonly dataSetId: string;
}

export function RevisionPicker({ dataSetId, ...props }: RevisionProps) {
  const { isExport, mayPublish } = useForm();
  const [made, setMade] = useState(0);
  const options = useOptions(async () => {
    const all = await offeredRevisions(dataSetId);
    return all.filter(({ isFinalized }) => isExport || !isFinalized).map(optionOfRevision);
  }, [dataSetId, made]);
  return (
    <>
      <Combobox
        {...props}
        options={options}
        placeholder={dataSetId ? placeholderOf(isExport) : 'Choose a data set first'}
      />
      {mayPublish && !isExport && dataSetId !== '' && (
        <NewRevision
          dataSetId={dataSetId}
          onMade={(awsRevisionId) => {
            setMade(made + 1);
            props.onChange(awsRevisionId);
          }}
        />
      )}
    </>
  );
}

function placeholderOf(isExport: boolean): string {
  return isExport ? 'Choose a revision' : 'Choose a draft';
}

function optionOfRevision({ awsRevisionId, comment, isFinalized, createdAt }: Revision): Option {
  const detail = `${isFinalized ? 'published' : 'draft'}, created ${absoluteTime(createdAt)} · ${awsRevisionId.slice(0, 8)}…`;
  return { value: awsRevisionId, word: comment || 'Without comment', detail };
}

interface AssetProps extends RevisionProps {
  readonly revisionId: string;
}

export function AssetPicker({ dataSetId, revisionId, ...props }: AssetProps) {
  const options = useOptions(async () => {
    const assets = await offeredAssets(dataSetId, revisionId);
    return assets.map(({ awsAssetId, name }) => ({
      value: awsAssetId,
      word: name,
      detail: `${awsAssetId.slice(0, 8)}…`,
    }));
  }, [dataSetId, revisionId]);
  return (
    <Combobox {...props} options={options} placeholder={revisionId ? 'Choose an asset' : 'Choose a revision first'} />
  );
}
