/** Gets a prepaid label for the parcel of an Import/Export job. */
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import '../styles/form.css';
import { codeOf, request } from '../gateway.ts';
import { Heading } from '../parts/heading.tsx';
import type { Viewer } from '../viewer.ts';
import { sentenceOf } from '../words.ts';
import type { Fault } from './form-context.ts';
import { type Outcome, SchemaForm } from './schema-form.tsx';

const shippingLabel = `query Label($input: ShippingLabelInput!) {
  shippingLabel(input: $input) { label { url warning } userErrors { field code message } }
}`;

interface Label {
  readonly url: string;
  readonly warning: string | null;
}

interface Labelled {
  readonly shippingLabel: { readonly label: Label | null; readonly userErrors: readonly Fault[] } | null;
}

interface Props {
  readonly id: string;
  readonly viewer: Viewer;
}

export default function LabelPage({ id, viewer }: Props) {
  const [label, setLabel] = useState<Label | undefined>();

  function operation(sender: unknown) {
    return { query: shippingLabel, variables: { input: { jobIds: [id], sender } } };
  }

  async function send(sender: unknown, onMessage: (message: string) => void): Promise<Outcome> {
    onMessage('Asking AWS for the label');
    const { query, variables } = operation(sender);
    const answer = await request<Labelled>(query, variables).catch(() => ({
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
        <div class="notice" role="status">
          <p>
            The label is ready.{' '}
            <a class="button" href={label.url} rel="noreferrer" target="_blank">
              Open the label
            </a>
          </p>
          {label.warning && <p>{label.warning}</p>}
          <p class="hint">It shows an address: treat its link as a secret.</p>
        </div>
      ) : (
        <>
          <p>AWS makes a prepaid label for the parcel. It needs to know where the parcel starts from.</p>
          <SchemaForm
            name={`label-${id}`}
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
