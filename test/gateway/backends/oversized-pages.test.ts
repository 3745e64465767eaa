/** Lists whose pages are larger than the gateway reads at once. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { field, startGateway, type TestGateway } from '../../support/gateway.ts';
import { skippingClock } from '../../support/skipping-clock.ts';

const create =
  'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { awsJobId } userErrors { code message } } }';
const list =
  'query ($first: Int, $after: String) { jobs(first: $first, after: $after, filter: { service: DATA_EXCHANGE }) { nodes { awsJobId } pageInfo { endCursor hasNextPage } unavailableServices { code } } }';

interface Page {
  readonly nodes: readonly { readonly awsJobId: string }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

/** 100 sources with keys of 1,000 bytes each: 25 such jobs are a page of over 2 MiB. */
async function withLargeJobs(gateway: TestGateway, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const sources = Array.from({ length: 100 }, (_, place) => ({
      bucket: demo.bucket,
      key: `${number}/${place}/`.padEnd(1_000, 'k'),
    }));
    const details = {
      importAssetsFromS3: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, sources },
    };
    const { data, errors } = await gateway.ask(create, { input: { details } });
    expect(errors).toBeUndefined();
    ids.unshift(field<{ job: { awsJobId: string } }>(data, 'createDataExchangeJob').job.awsJobId);
  }
  return ids;
}

async function listCalls(gateway: TestGateway): Promise<number> {
  const count = (await gateway.emulator.requests())['DataExchange.ListJobs'] ?? 0;
  await gateway.emulator.forgetRequests();
  return count;
}

test('Jobs too large for one page are listed in smaller pages, each once, and the size is remembered', async () => {
  const gateway = await startGateway();
  const ids = await withLargeJobs(gateway, 25);
  await gateway.emulator.forgetRequests();
  const { data, errors } = await gateway.ask(list, { first: 25 });
  expect(errors).toBeUndefined();
  const listed = field<Page>(data, 'jobs').nodes.map(({ awsJobId }) => awsJobId);
  expect(listed).toEqual(ids);
  // One page in vain, then pages of a quarter of the size.
  expect(await listCalls(gateway)).toBe(6);
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page += 1) {
    const answer = await gateway.ask(list, { first: 8, after });
    const { nodes, pageInfo } = field<Page>(answer.data, 'jobs');
    seen.push(...nodes.map(({ awsJobId }) => awsJobId));
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) break;
  }
  // The emulator's own jobs are older, and follow.
  expect(seen.slice(0, ids.length)).toEqual(ids);
  expect(new Set(seen).size).toBe(seen.length);
});

const tooLarge = { status: 200, body: ' '.repeat(2 * 1_048_576 + 1) };

test('A list that is too large even for one job is requested five times, then once until ten minutes have passed', async () => {
  const clock = skippingClock();
  const gateway = await startGateway({}, { clock });
  await gateway.emulator.fail('DataExchange.ListJobs', tooLarge, 100);
  await gateway.emulator.forgetRequests();
  const calls: number[] = [];
  for (const ms of [0, 60_000, 600_000]) {
    clock.skip(ms);
    await gateway.ask(list, { first: 200 });
    calls.push(await listCalls(gateway));
  }
  expect(calls).toEqual([5, 1, 5]);
  await gateway.emulator.heal();
  clock.skip(600_000);
  expect((await gateway.ask(list, { first: 200 })).errors).toBeUndefined();
});
