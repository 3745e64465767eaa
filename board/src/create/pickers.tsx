/** Picks data sets, revisions and assets by what people call them. */
import { useEffect, useState } from 'preact/hooks';
import { createOnce } from 'waybill-client';
import {
  forgetRevisions,
  offeredAssets,
  offeredDataSets,
  offeredRevisions,
  type Revision,
  revisionFields,
} from '../catalog.ts';
import { request } from '../gateway.ts';

interface Option {
  readonly value: string;
  readonly word: string;
}

export interface PickerProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

/** A text field with the known values to choose from: what is not offered can be typed. */
function Picker({ options, value, onChange, ...common }: PickerProps & { readonly options: readonly Option[] }) {
  const list = `${common.id}-options`;
  const known = options.find((option) => option.value === value);
  return (
    <>
      <input
        {...common}
        list={list}
        autocomplete="off"
        spellcheck={false}
        value={value}
        placeholder={options.length > 0 ? 'Choose or type' : ''}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <datalist id={list}>
        {options.map((option) => (
          <option key={option.value} value={option.value} label={option.word} />
        ))}
      </datalist>
      {known && <span class="picked">{known.word}</span>}
    </>
  );
}

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

export function OwnedDataSetPicker(props: PickerProps) {
  const options = useOptions(
    async () => (await offeredDataSets()).map(({ awsDataSetId, name }) => ({ value: awsDataSetId, word: name })),
    [],
  );
  return <Picker {...props} options={options} />;
}

interface RevisionProps extends PickerProps {
  readonly dataSetId: string;
  /** Whether a new one can be made in passing. */
  readonly mayCreate: boolean;
}

const createRevision = `mutation CreateRevision($input: CreateRevisionInput!) {
  createRevision(input: $input) {
    revision { ${revisionFields} }
    userErrors { message }
  }
}`;

interface Created {
  readonly createRevision: {
    readonly revision: Revision | null;
    readonly userErrors: readonly { readonly message: string }[];
  };
}

export function RevisionPicker({ dataSetId, mayCreate, ...props }: RevisionProps) {
  const [made, setMade] = useState(0);
  const [message, setMessage] = useState('');
  const options = useOptions(async () => (await offeredRevisions(dataSetId)).map(optionFrom), [dataSetId, made]);

  async function create(): Promise<void> {
    const { data, errors } = await createOnce(`new-revision-${dataSetId}`, (idempotencyKey) =>
      request<Created>(createRevision, { input: { dataSetId, idempotencyKey } }),
    );
    const { revision, userErrors } = data?.createRevision ?? { revision: null, userErrors: [] };
    setMessage(userErrors[0]?.message ?? errors?.[0]?.message ?? 'A new draft is chosen.');
    if (!revision) return;
    forgetRevisions(dataSetId);
    setMade(made + 1);
    props.onChange(revision.awsRevisionId);
  }

  return (
    <>
      <Picker {...props} options={options} />
      {mayCreate && dataSetId !== '' && (
        <button type="button" class="quiet" onClick={() => void create()}>
          New revision
        </button>
      )}
      {message && <span role="status">{message}</span>}
    </>
  );
}

function optionFrom({ awsRevisionId, comment, isFinalized, createdAt }: Revision): Option {
  const word = `${comment || 'Without comment'}, ${createdAt.slice(0, 10)}, ${isFinalized ? 'published' : 'draft'}`;
  return { value: awsRevisionId, word };
}

interface AssetProps extends PickerProps {
  readonly dataSetId: string;
  readonly revisionId: string;
}

export function AssetPicker({ dataSetId, revisionId, ...props }: AssetProps) {
  const options = useOptions(async () => {
    const assets = await offeredAssets(dataSetId, revisionId);
    return assets.map(({ awsAssetId, name }) => ({ value: awsAssetId, word: name }));
  }, [dataSetId, revisionId]);
  return <Picker {...props} options={options} />;
}
