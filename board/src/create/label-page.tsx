/** Gets a prepaid label for the parcel of an Import/Export job. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { codeOf, request } from '../gateway.ts';
import { graphql, type ResultOf, type VariablesOf } from '../graphql.ts';
import { Heading } from '../parts/heading.tsx';
import type { Viewer } from '../viewer.ts';
import { sentenceOf } from '../words.ts';
import { type Outcome, SchemaForm } from './schema-form.tsx';

const shippingLabel = graphql(`query Label($input: ShippingLabelInput!) {
  shippingLabel(input: $input) { label { url warning } userErrors { field code message } }
}`);

type Label = NonNullable<ResultOf<typeof shippingLabel>['shippingLabel']['label']>;

interface Props {
  readonly id: string;
  readonly viewer: Viewer;
}

export default function LabelPage({ id, viewer }: Props) {
  const [label, setLabel] = useState<Label | undefined>();

  /** The fields are those of the schema, so that the compiler need not know the address. */
  function operation(sender: unknown) {
    const variables = { input: { jobIds: [id], sender } };
    return { query: shippingLabel, variables: variables as VariablesOf<typeof shippingLabel> };
  }

  async function send(sender: unknown, onMessage: (message: string) => void): Promise<Outcome> {
    onMessage('Asking AWS for the label');
    const { query, variables } = operation(sender);
    const answer = await request(query, variables).catch(() => ({
      errors: [{ message: 'The gateway did not answer. Nothing has changed: ask again.' }],
      data: null,
    }));
    const { label: made, userErrors: faults = [] } = answer.data?.shippingLabel ?? {};
    if (made) setLabel(made);
    onMessage('');
    if (!made && faults.length === 0)
      return { faults, message: sentenceOf(codeOf(answer), answer.errors?.[0]?.message ?? '') };
    return { faults };
  }

  return (
    <>
      <p class="back">
        <Link href={`/jobs/${id}`}>← The job</Link>
      </p>
      <Heading title="Shipping label" />
      {label ? (
        <MadeLabel label={label} isEmulated={viewer.gateway.backend === 'EMULATOR'} />
      ) : (
        <>
          <p>AWS makes a prepaid label for the parcel. It needs to know where the parcel starts from.</p>
          <SchemaForm
            name={`label-${id}`}
            title="Shipping label"
            inputType="PostalAddressInput"
            root={['sender']}
            viewer={viewer}
            word="Get the label"
            operation={operation}
            send={send}
          />
        </>
      )}
    </>
  );
}

interface MadeProps {
  readonly label: Label;
  readonly isEmulated: boolean;
}

function MadeLabel({ label: { url, warning }, isEmulated }: MadeProps) {
  const link = useRef<HTMLAnchorElement>(null);
  // The form that had the focus is gone.
  useEffect(() => link.current?.focus(), []);
  return (
    <div class="notice" role="status">
      <p>
        The label is ready.{' '}
        <a ref={link} class="button" href={url} rel="noreferrer" target="_blank">
          Open the label
        </a>
      </p>
      {warning && <p>{warning}</p>}
      <p class="hint">It shows an address: treat its link as a secret.</p>
      {isEmulated && <p class="hint">The emulator prints no labels: its link leads nowhere.</p>}
    </div>
  );
}
