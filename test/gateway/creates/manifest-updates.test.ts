/** `updateImportExportJob` on the job of a create whose answer was lost, over whole operations. */
import { expect, test } from 'vitest';
import { manifests } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';

const create = `mutation ($input: CreateImportExportJobInput!) {
  createImportExportJob(input: $input) { job { id } userErrors { code } } }`;
const update = `mutation ($id: ID!, $input: UpdateImportExportJobInput!) {
  updateImportExportJob(id: $id, input: $input) { job { id } userErrors { code } } }`;
const list = '{ jobs(first: 50, filter: { service: IMPORT_EXPORT }) { nodes { id } } }';

test('the job of a lost create is found by its key after its manifest was replaced, and no second one is made', async () => {
  const { ask, emulator } = await startGateway();
  const ids = async () =>
    field<{ nodes: readonly { id: string }[] }>((await ask(list)).data, 'jobs').nodes.map(({ id }) => id);
  const before = await ids();
  await emulator.fail('ImportExport.CreateJob', { headers: { 'x-check': '1' } });
  await emulator.fail('ImportExport.CreateJob', { reset: true, afterCommit: true });
  await emulator.fail('ImportExport.ListJobs', { status: 500 }, 3);
  const input = { idempotencyKey: 'order-4711-attempt-1', manifest: manifests.importToS3 };
  expect(await ask(create, { input })).toMatchObject({ errors: [{ extensions: { code: 'OUTCOME_UNKNOWN' } }] });
  await emulator.heal();
  const [id, ...others] = (await ids()).filter((each) => !before.includes(each));
  expect(others).toEqual([]);
  const answer = { job: { id }, userErrors: [] };
  const replaced = await ask(update, { id, input: { manifest: manifests.exportFromS3 } });
  expect(replaced.data).toEqual({ updateImportExportJob: answer });
  const repeated = await ask(create, { input });
  expect(repeated).toEqual({ data: { createImportExportJob: answer }, extensions: { replayed: true } });
  expect(await ids()).toEqual([id, ...before]);
});
