import { type FormEvent, useState } from 'react';

export interface UserError {
  readonly field: readonly string[] | null | undefined;
  readonly message: string;
}

/** What the mutation gives. */
export interface CreatedImport {
  readonly job: { readonly awsJobId: string } | null | undefined;
  readonly userErrors: readonly UserError[];
}

/** The job to create. */
export interface ImportDetails {
  importAssetsFromS3: { dataSetId: string; revisionId: string; sources: { bucket: string; key: string }[] };
}

const names = ['dataSetId', 'revisionId', 'bucket', 'key'];

/** `create` sends the mutation, and throws what keeps it from an outcome. */
export function ImportForm({ create }: { create: (details: ImportDetails) => Promise<CreatedImport> }) {
  const [message, setMessage] = useState('');
  const [faults, setFaults] = useState<readonly UserError[]>([]);
  // What is created is not sent again before something is changed: the second click of a double click is no second job.
  const [isSent, setIsSent] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const textOf = (name: string) => String(form.get(name));
    setIsSent(true);
    setFaults([]);
    setMessage('Creating …');
    try {
      const { job, userErrors } = await create({
        importAssetsFromS3: {
          dataSetId: textOf('dataSetId'),
          revisionId: textOf('revisionId'),
          sources: [{ bucket: textOf('bucket'), key: textOf('key') }],
        },
      });
      setIsSent(Boolean(job));
      setFaults(userErrors);
      setMessage(job ? `Created ${job.awsJobId}.` : '');
    } catch (error) {
      setIsSent(false);
      setMessage(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <form onSubmit={submit} onInput={() => setIsSent(false)}>
      {names.map((name) => (
        <label key={name}>
          {name} <input name={name} /> <Faults faults={faults.filter((fault) => nameOf(fault) === name)} />
        </label>
      ))}
      <button type="submit" disabled={isSent}>
        Import
      </button>
      <output>{message}</output>
      <Faults faults={faults.filter((fault) => !names.includes(nameOf(fault)))} />
    </form>
  );
}

/** The gateway names the path of each field that is wrong. What a service refuses may be about no single one. */
function nameOf({ field }: UserError) {
  return field?.at(-1) ?? '';
}

function Faults({ faults }: { faults: readonly UserError[] }) {
  return faults.map(({ message }) => (
    <span role="alert" key={message}>
      {message}
    </span>
  ));
}
