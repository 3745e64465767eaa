import { createOnce } from 'waybill-client';
import { type CreatedImport, type ImportDetails, ImportForm } from './import-form';
import { request } from './request';

const createImport = `mutation CreateImport($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) {
    job { id awsJobId }
    userErrors { field code message }
  }
}`;

async function create(details: ImportDetails) {
  // The key is the same until the outcome is known, over lost answers and reloads.
  const { data, errors } = await createOnce('new-import', (idempotencyKey) =>
    request<{ createDataExchangeJob: CreatedImport | null }>(createImport, {
      input: { idempotencyKey, details, start: true },
    }),
  );
  if (!data?.createDataExchangeJob) throw new Error(errors?.[0]?.message);
  return data.createDataExchangeJob;
}

export function NewImport() {
  return <ImportForm create={create} />;
}
