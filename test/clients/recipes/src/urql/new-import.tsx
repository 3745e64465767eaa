import { useMutation } from 'urql';
import { createOnce } from 'waybill-client';
import { type ImportDetails, ImportForm } from '../import-form';
import { createImportDocument } from './documents';

export function NewImport() {
  const [, createImport] = useMutation(createImportDocument);

  async function create(details: ImportDetails) {
    // The key is the same until the outcome is known, over lost answers and reloads.
    const { data, error } = await createOnce('new-import', (idempotencyKey) =>
      createImport({ input: { idempotencyKey, details, start: true } }),
    );
    if (!data?.createDataExchangeJob) throw error;
    return data.createDataExchangeJob;
  }

  return <ImportForm create={create} />;
}
