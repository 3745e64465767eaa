/** The gateway and the service accept the same Data Exchange requests. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { field, startGateway, type TestGateway } from '../support/gateway.ts';
import { details } from './data-exchange-inputs.ts';
import { requestRuns } from './runs.ts';

const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id } userErrors { code message field awsCode } }
}`;

/** Of what the gateway finds itself. */
const faultCode = expect.stringMatching(/^(INVALID_CHARACTERS|PATTERN|REQUIRED|TOO_\w+|UNKNOWN_VALUE)$/);

interface Payload {
  readonly job: { readonly id: string } | null;
  readonly userErrors: readonly { code: string; message: string; field: string[] | null; awsCode: string | null }[];
}

async function created({ ask }: TestGateway, given: unknown): Promise<Payload> {
  const { data, errors } = await ask(create, { input: { details: given } });
  expect(errors).toBeUndefined();
  return field<Payload>(data, 'createDataExchangeJob');
}

test('a request that the model allows passes the validator of the service', { timeout: 240_000 }, async () => {
  const gateway = await startGateway();
  let jobs = 0;
  const property = fc.asyncProperty(details.valid, async (given) => {
    const { job, userErrors } = await created(gateway, given);
    // An unknown id is detected only after everything else was checked.
    if (job === null) expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', awsCode: 'ResourceNotFoundException' }]);
    else jobs += 1;
  });
  await fc.assert(property, { numRuns: requestRuns });
  expect(jobs).toBeGreaterThan(requestRuns / 10);
});

test('a request with one invalid field is refused by the gateway, with its path and without a call', {
  timeout: 240_000,
}, async () => {
  const gateway = await startGateway();
  await gateway.emulator.forgetRequests();
  const property = fc.asyncProperty(details.broken, async ({ value, at }) => {
    const { job, userErrors } = await created(gateway, value);
    expect(job).toBeNull();
    expect(userErrors).toMatchObject([{ code: faultCode, field: ['input', 'details', ...at], awsCode: null }]);
  });
  await fc.assert(property, { numRuns: requestRuns });
  expect(await gateway.emulator.requests()).toEqual({});
});
