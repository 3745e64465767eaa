import { describe, expect, test } from 'vitest';
import { startGateway } from '../../support/gateway.ts';

const absurd = ['999999', '999999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'];
const fiveMinutesMs = 300_000;

const query = '{ jobs(first: 1) { unavailableServices { retryAfterMs } } }';
const answerWith = (retryAfterMs: number | null) => ({ data: { jobs: { unavailableServices: [{ retryAfterMs }] } } });

describe.each(['DataExchange', 'ImportExport'])('%s', (service) => {
  test.each(absurd)('Retry-After %s reaches callers as five minutes at most', async (header) => {
    const gateway = await startGateway();
    const fault = { status: 429, awsCode: 'ThrottlingException', headers: { 'Retry-After': header } };
    await gateway.emulator.fail(`${service}.ListJobs`, fault, 10);
    expect(await gateway.ask(query)).toEqual(answerWith(fiveMinutesMs));
  });

  test.each(['-5', '1.5', '1e308', 'NaN', 'Infinity', ' '])('Retry-After %j says nothing', async (header) => {
    const gateway = await startGateway();
    const fault = { status: 429, awsCode: 'ThrottlingException', headers: { 'Retry-After': header } };
    await gateway.emulator.fail(`${service}.ListJobs`, fault, 10);
    expect(await gateway.ask(query)).toEqual(answerWith(null));
  });
});
