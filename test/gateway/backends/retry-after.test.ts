import { describe, expect, test } from 'vitest';
import { field, startGateway } from '../../support/gateway.ts';

const absurd = ['999999', '999999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'];
const fiveMinutesMs = 300_000;

describe.each(['DataExchange', 'ImportExport'])('%s', (service) => {
  test.each(absurd)('Retry-After %s is told to callers as five minutes at most.', async (header) => {
    const gateway = await startGateway();
    const fault = { status: 429, awsCode: 'ThrottlingException', headers: { 'Retry-After': header } };
    await gateway.emulator.fail(`${service}.ListJobs`, fault, 10);
    const { data, errors = [] } = await gateway.ask('{ jobs(first: 1) { unavailableServices } }');
    expect(field<{ unavailableServices: string[] }>(data, 'jobs').unavailableServices).toHaveLength(1);
    expect(errors.map(({ extensions }) => extensions?.retryAfterMs)).toEqual([fiveMinutesMs]);
  });

  test.each(['-5', '1.5', '1e308', 'NaN', 'Infinity', ' '])('Retry-After %j says nothing.', async (header) => {
    const gateway = await startGateway();
    const fault = { status: 429, awsCode: 'ThrottlingException', headers: { 'Retry-After': header } };
    await gateway.emulator.fail(`${service}.ListJobs`, fault, 10);
    const { errors = [] } = await gateway.ask('{ jobs(first: 1) { unavailableServices } }');
    expect(errors.map(({ extensions }) => extensions?.retryAfterMs)).toEqual([undefined]);
  });
});
