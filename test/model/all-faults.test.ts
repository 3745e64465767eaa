/** The gateway names all faulty fields of an input at once and no others, and what it lets pass the service accepts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { field, startGateway, type TestGateway } from '../support/gateway.ts';
import { details } from './data-exchange-inputs.ts';
import { faultyManifest } from './faulty-manifests.ts';
import type { Faulty } from './input-model.ts';
import { requestRuns } from './runs.ts';

interface UserError {
  readonly code: string;
  readonly field: readonly string[];
  readonly message: string;
  readonly awsCode: string | null;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

interface Payload {
  readonly job: { readonly id: string } | null;
  readonly userErrors: readonly UserError[];
}

const selection = '{ job { id } userErrors { code field message awsCode parameters { name value } } }';

const creates = {
  createDataExchangeJob: {
    query: `mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) ${selection} }`,
    member: 'details',
    others: {},
  },
  createImportExportJob: {
    query: `mutation ($input: CreateImportExportJobInput!) { createImportExportJob(input: $input) ${selection} }`,
    member: 'manifest',
    // A day has a quota of new jobs.
    others: { validateOnly: true },
  },
} as const;

async function created({ ask }: TestGateway, name: keyof typeof creates, given: unknown): Promise<Payload> {
  const { query, member, others } = creates[name];
  const { data, errors } = await ask(query, { input: { ...others, [member]: given } });
  expect(errors).toBeUndefined();
  return field<Payload>(data, name);
}

const sentence = /^[A-Z][^\n]{10,300}\.$/;

/** Of a hundred faults at most, and one more that says that there are others. */
function expectNamed(userErrors: readonly UserError[], expected: readonly (readonly string[])[]): void {
  const named = userErrors.filter(({ code }) => code !== 'INVALID_INPUT').map((each) => each.field.join('.'));
  const wanted = expected.map((path) => path.join('.'));
  expect(named).toHaveLength(new Set(named).size);
  if (wanted.length <= 100) expect(named.toSorted()).toEqual(wanted.toSorted());
  else expect([named.length, named.filter((path) => !wanted.includes(path))]).toEqual([100, []]);
  expect(userErrors.length - named.length).toBe(wanted.length > 100 ? 1 : 0);
  for (const { message, awsCode } of userErrors)
    expect([message, awsCode]).toEqual([expect.stringMatching(sentence), null]);
}

test('All faulty fields of the details of a job are named at once, and no others', { timeout: 240_000 }, async () => {
  const gateway = await startGateway();
  let faultless = 0;
  let several = 0;
  const property = fc.asyncProperty(details.faulty, async ({ value, faults }: Faulty<unknown>) => {
    await gateway.emulator.forgetRequests();
    const { job, userErrors } = await created(gateway, 'createDataExchangeJob', value);
    if (faults.length > 1) several += 1;
    if (faults.length > 0) {
      expect(job).toBeNull();
      expectNamed(
        userErrors,
        faults.map((at) => ['input', 'details', ...at]),
      );
      expect(await gateway.emulator.requests()).toEqual({});
      return;
    }
    faultless += 1;
    // An unknown id is detected only after everything else was checked.
    if (job === null) expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', awsCode: 'ResourceNotFoundException' }]);
  });
  await fc.assert(property, { numRuns: requestRuns });
  expect([faultless > requestRuns / 50, several > requestRuns / 5]).toEqual([true, true]);
});

test('All faulty fields of a manifest are named at once, and no others', { timeout: 240_000 }, async () => {
  const gateway = await startGateway();
  let several = 0;
  const property = fc.asyncProperty(faultyManifest, async ({ value, faults }: Faulty<unknown>) => {
    await gateway.emulator.forgetRequests();
    const { userErrors } = await created(gateway, 'createImportExportJob', value);
    if (faults.length > 1) several += 1;
    expectNamed(
      userErrors,
      faults.map((at) => ['input', 'manifest', ...at]),
    );
    expect(await gateway.emulator.requests()).toEqual(faults.length > 0 ? {} : { 'ImportExport.CreateJob': 1 });
  });
  await fc.assert(property, { numRuns: requestRuns });
  expect(several).toBeGreaterThan(requestRuns / 5);
});
