/** Pages and bodies of absurd sizes: how much of them the gateway reads, and how much memory it holds afterwards. */
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codesOf, heap, jobsOf, pageIn, sendQuery, services } from '../../support/absurd-replies.ts';
import { type WireEntry, wireJob, wireList } from '../../support/scripted-services.ts';

let heapBefore = 0;

beforeAll(() => {
  heapBefore = heap();
});

afterAll(() => {
  // Of more than a hundred megabytes that were sent.
  expect(heap() - heapBefore).toBeLessThan(60 * 2 ** 20);
});

describe('A page', () => {
  test('of Data Exchange with 5,000 entries is read up to the 200th, with an error in place of the rest', async () => {
    const Jobs = Array.from({ length: 5_000 }, (_, number) => wireJob(number, { Details: null }));
    const query = (after: string) =>
      `{ jobs(first: 200, ${after} filter: { service: DATA_EXCHANGE }) { nodes { awsJobId } pageInfo { endCursor hasNextPage } } }`;
    const { answer, services } = await sendQuery(query(''), () => ({ body: { Jobs } }));
    const first = pageIn(answer);
    expect(first.nodes).toEqual(Jobs.slice(0, 200).map(({ Id }) => ({ awsJobId: Id })));
    const rest = await services.gateway.ask(query(`after: "${first.pageInfo.endCursor}",`));
    expect([pageIn(rest).nodes, pageIn(rest).pageInfo.hasNextPage]).toEqual([[null], false]);
    expect(codesOf(rest)).toEqual(['UPSTREAM_BAD_RESPONSE']);
  });

  test('of 10,001 entries, or a million, is a bad response', async () => {
    for (const length of [10_001, 700_000]) {
      const { answer } = await sendQuery(jobsOf('DATA_EXCHANGE'), () => ({ body: { Jobs: Array(length).fill(0) } }));
      expect(codesOf(answer)).toEqual(['UPSTREAM_BAD_RESPONSE']);
    }
  });

  test('of Import/Export with 5,000 entries is read as far as requested, and the next page begins behind that', async () => {
    const entries = Array.from({ length: 5_000 }, (_, place): WireEntry => ({ id: `J${place}` }));
    const { answer, services } = await sendQuery(jobsOf('IMPORT_EXPORT'), () => ({ body: wireList(entries, true) }));
    expect(pageIn(answer).nodes).toEqual(entries.slice(0, 20).map(({ id }) => ({ awsJobId: id })));
    expect(services.count('ImportExport.ListJobs')).toBe(1);
  });
});

describe.each(services)('%s: a body', (service, name) => {
  const isJson = service === 'DATA_EXCHANGE';
  const wrap = (inside: string) =>
    isJson
      ? `{"Jobs":[],"New":${inside}}`
      : `<ListJobsResponse><ListJobsResult>${inside}</ListJobsResult></ListJobsResponse>`;
  const deep = isJson ? '['.repeat(100_000) + ']'.repeat(100_000) : '<a>'.repeat(100_000) + '</a>'.repeat(100_000);
  const wide = isJson ? `[${'0,'.repeat(400_000)}0]` : `<a ${Array(10_000).fill('b="c"').join(' ')}/>`;

  test.each([
    ['100,000 levels deep', wrap(deep)],
    ['as wide', wrap(wide)],
    ['of nothing but spaces', ' '.repeat(1_000_000)],
    ['of five megabytes', wrap(`"${'x'.repeat(5 * 2 ** 20)}"`)],
  ])('%s is a bad response, for a few calls.', async (_title, body) => {
    const { answer, services } = await sendQuery(jobsOf(service), () => ({ body }));
    expect(codesOf(answer)).toEqual(['UPSTREAM_BAD_RESPONSE']);
    expect(services.count(`${name}.ListJobs`)).toBeLessThanOrEqual(5);
  });

  test('that never ends is abandoned after the first bytes too many', async () => {
    let sent = 0;
    let open = 0;
    const endless = (_call: unknown, response: ServerResponse): undefined => {
      open += 1;
      response.on('close', () => {
        open -= 1;
      });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
        response.once('drain', more);
      };
      more();
    };
    const { answer } = await sendQuery(jobsOf(service), endless);
    expect(codesOf(answer)).toEqual(['UPSTREAM_BAD_RESPONSE']);
    await expect.poll(() => open).toBe(0);
    // Five pages of two megabytes at most, and the buffers of the sockets.
    expect(sent).toBeLessThan(60 * 2 ** 20);
  });

  test('that is announced as ten terabytes, or breaks off, costs one attempt', async () => {
    const { answer } = await sendQuery(jobsOf(service), (_call, response) => {
      response.writeHead(200, { 'content-length': 1e13 });
      response.write('{');
      setTimeout(() => response.destroy(), 20);
      return undefined;
    });
    expect(['UPSTREAM_BAD_RESPONSE', 'UPSTREAM_UNAVAILABLE']).toEqual(expect.arrayContaining(codesOf(answer)));
  });

  test('behind headers of 200 kB is not read', async () => {
    const headers = Object.fromEntries(Array.from({ length: 200 }, (_, each) => [`x-${each}`, 'v'.repeat(1_000)]));
    const { answer } = await sendQuery(jobsOf(service), () => ({ headers, body: wrap(isJson ? '0' : '') }));
    expect(codesOf(answer)).toHaveLength(1);
  });
});
