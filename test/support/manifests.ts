/** Sends a manifest through the gateway, and reads it back or expects a refusal. */
import { expect } from 'vitest';
import { type Answer, field, startGateway, type TestGateway } from './gateway.ts';

const create = `mutation ($input: CreateImportExportJobInput!) {
  createImportExportJob(input: $input) { job { id state } userErrors { code message field awsCode } }
}`;

interface Payload {
  readonly job: { readonly id: string } | null;
  readonly userErrors: readonly { code: string; message: string; field: string[] | null; awsCode: string | null }[];
}

export function created({ ask }: TestGateway, manifest: unknown): Promise<Answer> {
  return ask(create, { input: { manifest } });
}

export async function manifestOf({ ask }: TestGateway, { data, errors }: Answer): Promise<string> {
  expect(errors).toBeUndefined();
  const { job, userErrors } = field<Payload>(data, 'createImportExportJob');
  expect(userErrors).toEqual([]);
  const query = 'query ($id: ID!) { job(id: $id) { ... on ImportExportJob { manifest } } }';
  return field<{ manifest: string }>((await ask(query, { id: job?.id })).data, 'job').manifest;
}

/** Expects the gateway to refuse the manifest with the path of the field, without calls or unexpected errors. */
export async function expectRefused(manifest: unknown, code: string, at: readonly string[]): Promise<Payload> {
  const gateway = await startGateway();
  await gateway.emulator.forgetRequests();
  const { data, errors } = await created(gateway, manifest);
  expect(errors).toBeUndefined();
  const payload = field<Payload>(data, 'createImportExportJob');
  expect(payload.job).toBeNull();
  expect(payload.userErrors).toMatchObject([{ code, field: ['input', 'manifest', ...at], awsCode: null }]);
  expect(await gateway.emulator.requests()).toEqual({});
  expect(gateway.complaints).toEqual([]);
  return payload;
}
