/** Makes a data set or a revision while somebody fills in the form of a job. */
import { useState } from 'preact/hooks';
import { createOnce } from 'waybill-client';
import { forgetDataSets, forgetRevisions, offeredDataSet, offeredRevision } from '../catalog.ts';
import { type Answer, request } from '../gateway.ts';
import { type Enum, graphql } from '../graphql.ts';
import { Modal } from '../parts/modal.tsx';

const createDataSet = graphql(
  `mutation CreateDataSet($input: CreateDataSetInput!) {
  made: createDataSet(input: $input) { dataSet { ...OfferedDataSet } userErrors { message } }
}`,
  [offeredDataSet],
);
const createRevision = graphql(
  `mutation CreateRevision($input: CreateRevisionInput!) {
  made: createRevision(input: $input) { revision { ...OfferedRevision } userErrors { message } }
}`,
  [offeredRevision],
);

interface NewDataSetProps {
  readonly assetType: Enum<'AssetType'>;
  readonly onMade: (awsDataSetId: string) => void;
}

export function NewDataSet({ assetType, onMade }: NewDataSetProps) {
  return (
    <NewThing
      word="New data set"
      fields={['name', 'description']}
      create={async (texts) => {
        const answer = await createOnce(`data-set-${texts['name']}`, (idempotencyKey) =>
          request(createDataSet, {
            input: { assetType, name: texts['name'] ?? '', description: texts['description'] ?? '', idempotencyKey },
          }),
        );
        const id = answer.data?.made.dataSet?.awsDataSetId;
        if (id === undefined) return faultOf(answer);
        forgetDataSets();
        onMade(id);
        return undefined;
      }}
    />
  );
}

interface NewRevisionProps {
  readonly dataSetId: string;
  readonly onMade: (awsRevisionId: string) => void;
}

export function NewRevision({ dataSetId, onMade }: NewRevisionProps) {
  return (
    <NewThing
      word="New revision"
      fields={['comment']}
      create={async (texts) => {
        const answer = await createOnce(`revision-${dataSetId}-${texts['comment']}`, (idempotencyKey) =>
          request(createRevision, { input: { dataSetId, comment: texts['comment'] ?? '', idempotencyKey } }),
        );
        const id = answer.data?.made.revision?.awsRevisionId;
        if (id === undefined) return faultOf(answer);
        forgetRevisions(dataSetId);
        onMade(id);
        return undefined;
      }}
    />
  );
}

interface Made {
  readonly made: { readonly userErrors: readonly { readonly message: string }[] };
}

function faultOf({ data, errors }: Answer<Made>): string {
  return data?.made.userErrors[0]?.message ?? errors?.[0]?.message ?? 'The gateway did not say why.';
}

interface ThingProps {
  readonly word: string;
  readonly fields: readonly string[];
  /** Resolves to why it was refused, if it was. */
  readonly create: (texts: Readonly<Record<string, string>>) => Promise<string | undefined>;
}

function NewThing({ word, fields, create }: ThingProps) {
  const [isAsking, setIsAsking] = useState(false);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [message, setMessage] = useState('');

  async function make(): Promise<void> {
    setMessage('Creating');
    const all = Object.fromEntries(fields.map((name) => [name, texts[name] ?? '']));
    const fault = await create(all).catch((error: unknown) => String(error));
    setMessage(fault ?? '');
    if (fault !== undefined) return;
    setTexts({});
    setIsAsking(false);
  }

  return (
    <>
      <button type="button" class="quiet" onClick={() => setIsAsking(true)}>
        {word} …
      </button>
      {isAsking && (
        <Modal title={word} onClose={() => setIsAsking(false)}>
          {fields.map((name) => (
            <label key={name} class="wide">
              {name.charAt(0).toUpperCase() + name.slice(1)}
              <input
                value={texts[name] ?? ''}
                onInput={({ currentTarget }) => setTexts({ ...texts, [name]: currentTarget.value })}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter') return;
                  // The form around it is not ready to be sent.
                  event.preventDefault();
                  void make();
                }}
              />
            </label>
          ))}
          <div class="actions">
            <button type="button" class="button" onClick={() => void make()}>
              Create
            </button>
            <button type="button" onClick={() => setIsAsking(false)}>
              Close
            </button>
            <p role="status">{message}</p>
          </div>
        </Modal>
      )}
    </>
  );
}
