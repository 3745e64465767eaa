/** `Job.history`, over whole operations. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';

const query = `query ($id: ID!, $first: Int!, $after: String) {
  job(id: $id) {
    history(first: $first, after: $after) {
      edges { cursor node { previousState state } }
      nodes { observedAt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;

interface History {
  readonly history: {
    readonly edges: readonly { cursor: string; node: unknown }[];
    readonly nodes: readonly unknown[];
    readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  };
}

test('the history of a job shows what was observed while it was watched, newest first, page by page', async () => {
  const { ask, client, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  const id = globalId('ImportExportJob', awsJobId);
  const page = async (variables: object) =>
    field<History>((await ask(query, { id, first: 2, ...variables })).data, 'job').history;
  // The query's own read of the job is the first observation.
  expect((await page({})).edges.map(({ node }) => node)).toEqual([{ previousState: null, state: 'WAITING' }]);

  const events = client().iterate({
    query: `subscription { jobStateChanged(ids: ["${id}"]) { ... on JobStateChange { state } } }`,
  });
  await events.next();
  await emulator.move(awsJobId, { progressCode: 'InProgress' });
  await events.next();
  await emulator.move(awsJobId, { progressCode: 'Complete' });
  await events.next();

  const first = await page({});
  expect(first.edges.map(({ node }) => node)).toEqual([
    { previousState: 'IN_PROGRESS', state: 'COMPLETED' },
    { previousState: 'WAITING', state: 'IN_PROGRESS' },
  ]);
  expect(first.nodes).toHaveLength(2);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const second = await page({ after: first.pageInfo.endCursor });
  expect(second.edges.map(({ node }) => node)).toEqual([{ previousState: null, state: 'WAITING' }]);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test.each([{ first: 0 }, { first: 201 }, { after: 'nonsense' }])(
  'an invalid page of history is an error: %j',
  async (variables) => {
    const { ask, emulator } = await startGateway();
    const { importExport } = await emulator.seed({ importExport: 1 });
    const id = globalId('ImportExportJob', importExport[0] ?? '');
    const { errors } = await ask(query, { id, first: 2, ...variables });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', argument: Object.keys(variables)[0] } }]);
  },
);
