/** The codes of an operation in the log and the metrics: what failed, whatever the document selects of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { OperationRecord } from '../../../src/log/operation-record.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { askOver, transports } from '../../support/transports.ts';

async function start(): Promise<{ gateway: TestGateway; codes: () => readonly string[] | undefined }> {
  const records: OperationRecord[] = [];
  const gateway = await startGateway({}, { onOperation: (record) => records.push(record) });
  return { gateway, codes: () => records.at(-1)?.codes };
}

function ready(name: string): string {
  return readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'operations', `${name}.graphql`), 'utf8');
}

test.each([
  ['a ready operation, which shows only messages', ready('names')],
  ['a document that does not ask', '{ jobs { nodes { id } } }'],
  ['aliases', '{ board: jobs { away: unavailableServices { why: code } } }'],
  ['the jobs of a data set', '{ dataSets(first: 1) { nodes { jobs { nodes { id } } } } }'],
])('A page that lacks a service has the code of that in the log, with %s', async (_title, query) => {
  const { gateway, codes } = await start();
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 503 }, 9);
  expect((await gateway.ask(query)).errors).toBeUndefined();
  expect(codes()).toEqual(['UPSTREAM_UNAVAILABLE']);
});

test.each([
  ['a document that does not ask', 'mutation { cancelJob(id: "x") { __typename } }'],
  ['aliases', 'mutation { cancelJob(id: "x") { problems: userErrors { what: message } } }'],
  ['one of many', 'mutation { cancelJobs(ids: ["x"]) { all: results { job { id } } } }'],
  ['a repeat', 'mutation { repeatDataExchangeJob(id: "x") { job { id } } }'],
])('A refused mutation has its code in the log, with %s', async (_title, query) => {
  const { gateway, codes } = await start();
  expect((await gateway.ask(query)).errors).toBeUndefined();
  expect(codes()).toEqual(['INVALID_ID']);
});

test.each(transports)('Over %s the log has what the response shows as data', async (transport) => {
  const { gateway, codes } = await start();
  const { errors } = await askOver(transport, gateway, { query: 'mutation { cancelJob(id: "x") { __typename } }' });
  expect(errors).toBeUndefined();
  await vi.waitFor(() => expect(codes()).toEqual(['INVALID_ID']));
});
