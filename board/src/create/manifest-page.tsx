/** Replaces the manifest of an Import/Export job. */
import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { codeOf, request } from '../gateway.ts';
import { graphql, type VariablesOf } from '../graphql.ts';
import { Heading } from '../parts/heading.tsx';
import type { Viewer } from '../viewer.ts';
import { sentenceOf } from '../words.ts';
import { type Kind, kinds } from './kinds.ts';
import { type KnownManifest, knownManifest } from './known-manifest.ts';
import { type Outcome, SchemaForm } from './schema-form.tsx';
import { type Disk, useDisk } from './use-disk.ts';

const update = graphql(`mutation Update($id: ID!, $input: UpdateImportExportJobInput!) {
  updateImportExportJob(id: $id, input: $input) { job { id } userErrors { field code message } warning }
}`);

interface Props {
  readonly id: string;
  readonly name: string | undefined;
  readonly viewer: Viewer;
}

const manifestKinds = kinds.filter(({ service }) => service === 'IMPORT_EXPORT');

export default function ManifestPage({ id, name = 'text', viewer }: Props) {
  const disk = useDisk(id, viewer);
  const kind = manifestKinds.find((each) => each.name === name);
  if (disk === undefined) return <p class="opening">Reading the manifest</p>;
  const isPossible = disk?.availableActions.includes('UPDATE') && viewer.mayWrite;
  return (
    <>
      <p class="back">
        <Link href={`/jobs/${id}`}>← The job</Link>
      </p>
      <Heading title="Replace the manifest" />
      {disk && isPossible && kind ? (
        <ManifestForm key={kind.name} id={id} kind={kind} disk={disk} viewer={viewer} />
      ) : (
        <p class="empty">The manifest of this job can no longer be replaced: its transfer has begun, or it is over.</p>
      )}
    </>
  );
}

interface FormProps {
  readonly id: string;
  readonly kind: Kind;
  readonly disk: Disk;
  readonly viewer: Viewer;
}

function ManifestForm({ id, kind, disk, viewer }: FormProps) {
  const isText = kind.name === 'text';
  const known = useMemo(
    () => (isText || !disk.manifest ? undefined : knownManifest(disk.manifest, kind.inputType)),
    [disk.manifest],
  );

  /** The fields are those of the schema, so that the compiler need not know the manifest. */
  function operation(input: unknown) {
    const variables: unknown = { id, input: { manifest: { [kind.name]: input } } };
    return { query: update, variables: variables as VariablesOf<typeof update> };
  }

  async function send(input: unknown, onMessage: (message: string) => void): Promise<Outcome> {
    onMessage('Replacing the manifest');
    const { query, variables } = operation(input);
    const answer = await request(query, variables).catch(() => ({
      errors: [{ message: 'The gateway did not answer. It is safe to send the same again.' }],
      data: null,
    }));
    const faults = answer.data?.updateImportExportJob?.userErrors ?? [];
    if (!answer.data?.updateImportExportJob)
      return { faults, message: sentenceOf(codeOf(answer), answer.errors?.[0]?.message ?? '') };
    return faults.length === 0 ? { faults, next: `/jobs/${id}` } : { faults };
  }

  return (
    <>
      <p>
        The manifest of <code>{disk.awsJobId}</code> is replaced as a whole.{' '}
        {isText ? textNote(disk) : fieldsNote(disk, known)}
      </p>
      <nav class="kinds-nav" aria-label="Kinds of manifests">
        {manifestKinds.map(({ name, title }) => (
          <Link key={name} href={`/jobs/${id}/manifest/${name}`} aria-current={name === kind.name ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      <SchemaForm
        name={`manifest-${id}-${kind.name}`}
        title={`The manifest of ${disk.awsJobId}`}
        inputType={kind.inputType}
        kind={kind}
        root={['manifest', kind.name]}
        initial={isText ? { direction: disk.direction, text: disk.manifest ?? '' } : (known?.values ?? {})}
        {...(known && { secrets: known.secrets })}
        viewer={viewer}
        word="Replace the manifest"
        operation={operation}
        send={send}
      />
    </>
  );
}

function textNote({ manifest }: Disk): string {
  return manifest ? 'Passwords and keys are blanked out below: type them in again.' : unreadNote(manifest);
}

/** What the form begins with, and what of the present manifest it cannot keep. */
function fieldsNote({ manifest }: Disk, known: KnownManifest | undefined): string {
  if (!manifest) return unreadNote(manifest);
  if (!known)
    return 'It is in a form that this page cannot read, and the fields begin empty: “A manifest as text” has it.';
  const begin = 'The fields begin with what it says.';
  if (known.others.length === 0) return begin;
  return `${begin} It also has ${known.others.join(', ')}, for which there is no field here: “A manifest as text” keeps that.`;
}

/** Undefined for somebody who may not read it. */
function unreadNote(manifest: string | null | undefined): string {
  return manifest === undefined
    ? 'Your token may not read it, so that you begin anew.'
    : 'AWS no longer returns it, so that you begin anew.';
}
