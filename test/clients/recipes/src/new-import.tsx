import { type FormEvent, useState } from 'react';
import { createOnce } from 'waybill-client';
import { request } from './request';

interface UserError {
  field: string[] | null;
  code: string;
  message: string;
}

interface Created {
  createDataExchangeJob: { job: { id: string; awsJobId: string } | null; userErrors: UserError[] };
}

const createImport = `mutation CreateImport($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) {
    job { id awsJobId }
    userErrors { field code message }
  }
}`;

export function NewImport() {
  const [message, setMessage] = useState('');
  const [faults, setFaults] = useState<UserError[]>([]);

  async function create(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const details = {
      importAssetsFromS3: {
        dataSetId: form.get('dataSetId'),
        revisionId: form.get('revisionId'),
        sources: [{ bucket: form.get('bucket'), key: form.get('key') }],
      },
    };
    // The key is the same until the outcome is known, over lost answers and reloads.
    const { data, errors } = await createOnce('new-import', (idempotencyKey) =>
      request<Created>(createImport, { input: { idempotencyKey, details, start: true } }),
    );
    const result = data?.createDataExchangeJob;
    setFaults(result?.userErrors ?? []);
    setMessage(errors?.[0]?.message ?? (result?.job ? `Created ${result.job.awsJobId}.` : ''));
  }

  /** The gateway names the path of each field that is wrong. */
  function faultOf(name: string) {
    const fault = faults.find(({ field }) => field?.at(-1) === name);
    return fault && <span role="alert">{fault.message}</span>;
  }

  return (
    <form onSubmit={create}>
      {['dataSetId', 'revisionId', 'bucket', 'key'].map((name) => (
        <label key={name}>
          {name} <input name={name} /> {faultOf(name)}
        </label>
      ))}
      <button type="submit">Import</button>
      <output>{message}</output>
    </form>
  );
}
