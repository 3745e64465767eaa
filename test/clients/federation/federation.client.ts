/** Waybill as one of two subgraphs, asked through a router. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokensFor } from '../../support/token-file.ts';
import { rover } from '../tools/rover.ts';
import { makeWorkspace, resultOf } from '../tools/workspace.ts';
import { composed, type FederatedGraph, printedSubgraph, startFederatedGraph } from './federated-graph.ts';

/** A file of the repository. */
function textOf(path: string): string {
  return readFileSync(join(import.meta.dirname, '..', '..', '..', path), 'utf8');
}

let graph: FederatedGraph;

beforeAll(async () => {
  graph = await startFederatedGraph();
});

afterAll(() => graph.close());

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly path?: unknown; readonly extensions?: object }[];
}

async function ask(query: string, variables: object = {}, url = graph.url, token?: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return (await response.json()) as Answer;
}

function idOf(type: string, ...awsIds: readonly string[]): string {
  return Buffer.from([type, ...awsIds].join(':')).toString('base64url');
}

async function newJobs(count: number): Promise<readonly { readonly id: string; readonly awsJobId: string }[]> {
  const { dataExchange } = await graph.emulator.seed({ dataExchange: count });
  return dataExchange.map((awsJobId) => ({ id: idOf('DataExchangeJob', awsJobId), awsJobId }));
}

const demoDataSet = idOf('DataSet', 'da7a0000000000000000000000000001');
const missing = '0'.repeat(32);

test('The gateway serves the text that its command prints', async () => {
  const { data } = await ask('{ _service { sdl } }', {}, graph.waybillUrl);
  expect(data).toEqual({ _service: { sdl: await printedSubgraph() } });
});

// Skipped where Rover has no package for the machine: on Linux with x64 `npm run test:clients` installs and runs it.
test.skipIf(rover === undefined)('Rover reads the same text from the gateway', async () => {
  const { folder, read } = makeWorkspace();
  const args = ['subgraph', 'introspect', graph.waybillUrl, '--skip-update-check', '--output', 'received.graphql'];
  const { code, output } = await resultOf(rover ?? '', args, folder);
  expect([code, output]).toEqual([0, expect.any(String)]);
  expect(read('received.graphql')).toBe(await printedSubgraph());
});

test('The example of the documents composes with it', async () => {
  const text = /```graphql\n(extend schema[^`]*)```/.exec(textOf('docs/federation.md'))?.[1] ?? '';
  const url = 'http://127.0.0.1/graphql';
  const graphText = composed({ name: 'waybill', url, text: await printedSubgraph() }, { name: 'tickets', url, text });
  expect(graphText).toContain('type Ticket');
});

test('Clients see one graph, without the fields of the router', async () => {
  const { data } = await ask(getIntrospectionQuery());
  const { types } = (data as { __schema: { types: { name: string; fields: { name: string }[] | null }[] } }).__schema;
  const fieldsOf = (type: string) => types.find(({ name }) => name === type)?.fields?.map(({ name }) => name);
  const ofWaybill = Object.keys(buildSchema(textOf('schema.graphql')).getQueryType()?.getFields() ?? {});
  expect(fieldsOf('Query')?.toSorted()).toEqual([...ofWaybill, 'tickets'].toSorted());
  for (const type of ['Job', 'DataExchangeJob', 'ImportExportJob']) expect(fieldsOf(type)).toContain('owner');
  expect(fieldsOf('DataSet')).toContain('steward');
});

test('Jobs of both services and their data sets have the fields that another subgraph adds', async () => {
  await graph.emulator.seed({ importExport: 1 });
  await graph.emulator.seed({ dataExchange: 1 });
  const query = `{
    exchanged: jobs(first: 1, filter: { service: DATA_EXCHANGE }) {
      nodes { __typename state owner ... on DataExchangeJob { details { dataSet { name steward } } } }
      pageInfo { hasNextPage }
    }
    posted: jobs(first: 1, filter: { service: IMPORT_EXPORT }) { nodes { __typename state owner } }
  }`;
  expect(await ask(query)).toMatchInlineSnapshot(`
    {
      "data": {
        "exchanged": {
          "nodes": [
            {
              "__typename": "DataExchangeJob",
              "details": {
                "dataSet": {
                  "name": "Waybill demo: prices",
                  "steward": "Joe",
                },
              },
              "owner": "Jane",
              "state": "WAITING",
            },
          ],
          "pageInfo": {
            "hasNextPage": true,
          },
        },
        "posted": {
          "nodes": [
            {
              "__typename": "ImportExportJob",
              "owner": "Jane",
              "state": "WAITING",
            },
          ],
        },
      },
    }
  `);
});

const ticketsOf = `query ($jobIds: [ID!]!) {
  tickets(jobIds: $jobIds) { nodes { job { __typename id state owner ... on DataExchangeJob { type } } } }
}`;

test('200 jobs that another subgraph knows by their ids cost one call of the list', async () => {
  const jobs = await newJobs(200);
  await graph.emulator.forgetRequests();
  const answer = await ask(ticketsOf, { jobIds: jobs.map(({ id }) => id) });
  const job = { __typename: 'DataExchangeJob', state: 'WAITING', owner: 'Jane', type: 'EXPORT_ASSETS_TO_S3' };
  expect(answer).toEqual({ data: { tickets: { nodes: jobs.map(({ id }) => ({ job: { ...job, id } })) } } });
  expect(await graph.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
});

test('A job that is gone, and an id that is none, leave the other jobs', async () => {
  const [job] = await newJobs(1);
  const jobIds = [idOf('DataExchangeJob', missing), job?.id, 'nonsense'];
  const { data } = await ask(ticketsOf, { jobIds });
  expect(data).toMatchObject({ tickets: { nodes: [{ job: null }, { job: { state: 'WAITING' } }, { job: null }] } });
});

const dataSetOf = `query ($dataSetId: ID) {
  tickets(jobIds: ["any"], dataSetId: $dataSetId) { nodes { title dataSet { id steward name } } }
}`;

test('A data set that another subgraph knows by its id has its name', async () => {
  expect(await ask(dataSetOf, { dataSetId: demoDataSet })).toEqual({
    data: {
      tickets: {
        nodes: [
          {
            title: 'About job 0',
            dataSet: { id: demoDataSet, steward: 'Joe', name: 'Waybill demo: prices' },
          },
        ],
      },
    },
  });
});

test('An error of a representation arrives at its place in the graph, with its code', async () => {
  const { data, errors } = await ask(dataSetOf, { dataSetId: idOf('Revision', missing, missing) });
  expect(data).toEqual({ tickets: { nodes: [{ title: 'About job 0', dataSet: null }] } });
  expect(errors).toMatchObject([
    {
      message: 'The argument `representations[0].id` is not an id of the type DataSet.',
      path: ['tickets', 'nodes', 0, 'dataSet', 'name'],
      extensions: { code: 'INVALID_INPUT', argument: 'representations[0].id', serviceName: 'waybill' },
    },
  ]);
});

test('node is that of the other subgraph', async () => {
  expect(await ask('{ node(id: "ticket-7") { id } }')).toEqual({ data: { node: { id: 'ticket-7' } } });
});

test('A mutation goes to Waybill, and its job has the fields of the other subgraph', async () => {
  const [job] = await newJobs(1);
  const cancel = 'mutation ($id: ID!) { cancelJob(id: $id) { job { id state owner } userErrors { code } } }';
  expect(await ask(cancel, { id: job?.id })).toEqual({
    data: { cancelJob: { job: { id: job?.id, state: 'CANCELLED', owner: 'Jane' }, userErrors: [] } },
  });
  const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { id } userErrors { code } } }';
  expect(await ask(start, { id: job?.id })).toEqual({
    data: { startDataExchangeJob: { job: null, userErrors: [{ code: 'CONFLICT' }] } },
  });
});

test('A subscription by Server-Sent Events goes through the router to Waybill, event by event', async () => {
  const [job] = await newJobs(1);
  const query = `subscription ($ids: [ID!]!) {
    jobStateChanged(ids: $ids) { ... on JobStateChange { previousState state job { id owner } } }
  }`;
  const response = await fetch(graph.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { ids: [job?.id] } }),
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const seen: unknown[] = [];
  for await (const event of eventsIn(response)) {
    seen.push(event);
    if (seen.length === 1) await graph.emulator.move(job?.awsJobId ?? '', { state: 'IN_PROGRESS' });
    if (seen.length === 2) await graph.emulator.move(job?.awsJobId ?? '', { state: 'COMPLETED' });
  }
  const states = ['WAITING', 'IN_PROGRESS', 'COMPLETED'];
  expect(seen).toEqual(
    states.map((state, index) => ({
      data: {
        jobStateChanged: { previousState: states[index - 1] ?? null, state, job: { id: job?.id, owner: 'Jane' } },
      },
    })),
  );
});

/** The results in a stream of events, until it ends. */
async function* eventsIn({ body }: Response): AsyncGenerator<unknown> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    const events = (text + read.value).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: *(.+)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

test('The rights are those of the caller whose token the router passes on', async () => {
  const { env, tokenOf } = await tokensFor({ reader: ['jobs:read'], stranger: [] });
  const guarded = await startFederatedGraph(env);
  try {
    const { dataExchange } = await guarded.emulator.seed({ dataExchange: 1 });
    const query =
      'query ($id: ID!, $dataSetId: ID) { job(id: $id) { owner } tickets(jobIds: [$id], dataSetId: $dataSetId) { nodes { job { state } dataSet { name } } } }';
    const variables = { id: idOf('DataExchangeJob', dataExchange[0] ?? ''), dataSetId: demoDataSet };
    const asked = await ask(query, variables, guarded.url, tokenOf.reader);
    expect(asked.data).toEqual({
      job: { owner: 'Jane' },
      tickets: { nodes: [{ job: { state: 'WAITING' }, dataSet: null }] },
    });
    expect(asked.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', scope: 'catalog:read' } }]);
    expect((await ask(query, variables, guarded.url, tokenOf.stranger)).data).toMatchObject({ job: null });
    expect((await ask('{ jobs { nodes { id } } }', {}, guarded.url)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  } finally {
    await guarded.close();
  }
});
