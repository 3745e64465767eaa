import { graphql, useMutation } from 'react-relay';
import { createOnce } from 'waybill-client';
import { type ImportDetails, ImportForm } from '../import-form';
import type { newImportMutation } from './__generated__/newImportMutation.graphql';

const mutation = graphql`
  mutation newImportMutation($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) {
      job {
        id
        awsJobId
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;

export function NewImport() {
  const [commit] = useMutation<newImportMutation>(mutation);

  async function create(details: ImportDetails) {
    // The key is the same until the outcome is known, over lost answers and reloads.
    const { createDataExchangeJob } = await createOnce('new-import', (idempotencyKey) =>
      send({ idempotencyKey, details, start: true }),
    );
    return createDataExchangeJob;
  }

  function send(input: newImportMutation['variables']['input']) {
    return new Promise<newImportMutation['response']>((resolve, reject) =>
      commit({ variables: { input }, onCompleted: resolve, onError: reject }),
    );
  }

  return <ImportForm create={create} />;
}
