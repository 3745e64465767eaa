/** Callers without a scope or without a token get the same answer whatever exists. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Scope } from '../../../src/identity/caller.ts';
import { dataExchangeDetails, globalId, manifests, returnAddress } from '../../support/examples.ts';
import { codesOf, everyRight, type GuardedGateway, startGuarded } from '../../support/guarded-gateway.ts';
import { until, watchJobs } from '../../support/live.ts';
import { exchange } from '../../support/raw-http.ts';
import { askOver, transports } from '../../support/transports.ts';

const viewer: readonly Scope[] = ['jobs:read', 'jobs:secrets', 'schema:read'];

const mutations = [
  {
    name: 'createDataExchangeJob',
    query: 'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }',
    input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3, start: true },
  },
  {
    name: 'createImportExportJob',
    query: 'mutation ($input: CreateImportExportJobInput!) { createImportExportJob(input: $input) { job { id } } }',
    input: { manifest: manifests.importToS3 },
  },
  { name: 'startDataExchangeJob', query: 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { id } } }' },
  {
    name: 'updateImportExportJob',
    query:
      'mutation ($id: ID!, $input: UpdateImportExportJobInput!) { updateImportExportJob(id: $id, input: $input) { job { id } } }',
    input: { manifest: manifests.importToS3 },
  },
  { name: 'cancelJob', query: 'mutation ($id: ID!) { cancelJob(id: $id) { job { id } } }' },
  { name: 'cancelJobs', query: 'mutation ($id: ID!) { cancelJobs(ids: [$id]) { results { job { id } } } }' },
  { name: 'repeatDataExchangeJob', query: 'mutation ($id: ID!) { repeatDataExchangeJob(id: $id) { job { id } } }' },
];

async function jobsOf({ emulator }: GuardedGateway) {
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const ids = {
    dataExchange: globalId('DataExchangeJob', dataExchange[0] ?? ''),
    importExport: globalId('ImportExportJob', importExport[0] ?? ''),
  };
  await emulator.forgetRequests();
  return ids;
}

test.each([
  { who: 'may only read', rights: viewer },
  { who: 'may only write', rights: ['jobs:write'] as const },
])('a caller who $who can neither create, start, change nor cancel, and no service is called', async ({ rights }) => {
  const gateway = await startGuarded({ viewer: rights });
  const { dataExchange, importExport } = await jobsOf(gateway);
  for (const transport of transports.filter((each) => each !== 'SSE')) {
    for (const { name, query, input } of mutations) {
      const id = name === 'updateImportExportJob' ? importExport : dataExchange;
      const variables = { ...(query.includes('$id') && { id }), ...(input && { input }) };
      const answer = await askOver(
        transport,
        { url: gateway.url, token: gateway.tokenOf('viewer') },
        { query, variables },
      );
      expect([transport, name, codesOf(answer as never)]).toEqual([transport, name, ['FORBIDDEN']]);
    }
  }
  expect(await gateway.emulator.requests()).toEqual({});
});

const job = '... on ImportExportJob { awsJobId manifest }';

/** The ways to select the same job. */
const paths: Readonly<Record<string, string>> = {
  job: `query ($id: ID!) { job(id: $id) { ${job} } }`,
  node: `query ($id: ID!) { node(id: $id) { ${job} } }`,
  nodes: `query ($id: ID!) { nodes(ids: [$id]) { ${job} } }`,
  'nodes of a page': `{ jobs(first: 1, filter: { service: IMPORT_EXPORT }) { nodes { ${job} } } }`,
  'edges of a page': `{ jobs(first: 1, filter: { service: IMPORT_EXPORT }) { edges { node { ${job} } } } }`,
  'a payload': `mutation ($id: ID!) { cancelJob(id: $id) { job { ${job} } } }`,
  'a payload of many': `mutation ($id: ID!) { cancelJobs(ids: [$id]) { results { job { ${job} } } } }`,
  'an event': `subscription ($id: ID!) { jobStateChanged(ids: [$id]) { ... on JobStateChange { job { ${job} } } } }`,
};

const artifacts =
  '{ jobs(first: 1, filter: { service: IMPORT_EXPORT }) { nodes { ... on ImportExportJob { artifacts { url } } } } }';

test('a secret of a job is withheld on every way to the job', async () => {
  const gateway = await startGuarded({ writer: ['jobs:read', 'jobs:write'], admin: everyRight });
  const { importExport: id } = await jobsOf(gateway);
  for (const [path, query] of Object.entries(paths)) {
    const [withheld, shown] = await Promise.all(
      ['writer', 'admin'].map((name) =>
        askOver(
          query.startsWith('sub') ? 'SSE' : 'HTTP',
          { url: gateway.url, token: gateway.tokenOf(name) },
          {
            query,
            ...(query.includes('$id') && { variables: { id } }),
          },
        ),
      ),
    );
    expect([path, codesOf(withheld as never)]).toEqual([path, ['FORBIDDEN']]);
    expect([path, JSON.stringify(withheld?.data)]).toEqual([path, expect.stringContaining('"manifest":null')]);
    expect([path, JSON.stringify(shown)]).toEqual([path, expect.stringContaining('"manifest":"')]);
  }
});

test('a caller without jobs:read gets the same answer whether or not a job exists', async () => {
  const gateway = await startGuarded({ nobody: ['schema:read'] });
  const { dataExchange, importExport } = await jobsOf(gateway);
  const ids = [
    dataExchange,
    importExport,
    globalId('DataExchangeJob', '0'.repeat(32)),
    globalId('ImportExportJob', 'ZZZZZ'),
    '',
    '?',
  ];
  const label = 'query ($input: ShippingLabelInput!) { shippingLabel(input: $input) { label { url } } }';
  const queries = [
    ...Object.values(paths).filter((query) => query.includes('$id') && !query.startsWith('sub')),
    ...mutations.filter(({ input }) => input === undefined).map(({ query }) => query),
  ];
  for (const query of queries) {
    const answer = await Promise.all(ids.map((id) => gateway.askAs('nobody', query, { id })));
    expect(codesOf(answer[0] ?? {})).toEqual(['FORBIDDEN']);
    expect(new Set(answer.map((each) => JSON.stringify(each))).size).toBe(1);
  }
  const labels = await Promise.all(
    ids.map((id) => gateway.askAs('nobody', label, { input: { jobIds: [id], sender: returnAddress } })),
  );
  expect(codesOf(labels[0] ?? {})).toEqual(['FORBIDDEN']);
  expect(new Set(labels.map((each) => JSON.stringify(each))).size).toBe(1);
  const streams = await Promise.all(ids.map((id) => gateway.eventsOf('nobody', watchJobs, { ids: [id] })));
  await Promise.all(streams.map(({ ended }) => ended));
  expect(new Set(streams.map((stream) => JSON.stringify(stream.results()))).size).toBe(1);
  expect(await gateway.emulator.requests()).toEqual({});
});

const create = mutations[0]?.query ?? '';

test.each([
  { asked: 'jobs', rights: ['jobs:write', 'jobs:secrets'], query: '{ jobs { nodes { id } } }', scope: 'jobs:read' },
  { asked: 'a create', rights: ['jobs:read'], query: create, scope: 'jobs:write' },
  { asked: 'a create', rights: ['jobs:write'], query: create, scope: 'jobs:read' },
  { asked: 'a secret', rights: ['jobs:read', 'jobs:write'], query: paths['nodes of a page'], scope: 'jobs:secrets' },
  { asked: 'artifacts', rights: ['jobs:read'], query: artifacts, scope: 'jobs:secrets' },
] as const)(
  'a caller with $rights who asks for $asked gets an error that names $scope',
  async ({ rights, query, scope }) => {
    const gateway = await startGuarded({ caller: rights });
    await jobsOf(gateway);
    const input = { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };
    for (const transport of transports.filter((each) => each !== 'SSE')) {
      const target = { url: gateway.url, token: gateway.tokenOf('caller') };
      const { errors = [] } = await askOver(transport, target, { query: query ?? '', variables: { input } });
      expect([transport, errors]).toMatchObject([
        transport,
        [
          {
            message: `The caller lacks the scope ${scope}, which this field requires.`,
            extensions: { code: 'FORBIDDEN', scope, retryable: false },
          },
        ],
      ]);
    }
  },
);

test('a stream of a caller who lacks jobs:read names that scope', async () => {
  const gateway = await startGuarded({ nobody: ['jobs:secrets'] });
  const { dataExchange } = await jobsOf(gateway);
  for (const transport of ['SSE', 'WebSocket'] as const) {
    const target = { url: gateway.url, token: gateway.tokenOf('nobody') };
    const { errors } = await askOver(transport, target, { query: watchJobs, variables: { ids: [dataExchange] } });
    expect([transport, errors]).toMatchObject([transport, [{ extensions: { code: 'FORBIDDEN', scope: 'jobs:read' } }]]);
  }
});

test('a withheld secret has the same answer whether or not it exists', async () => {
  const gateway = await startGuarded({ reader: ['jobs:read'] });
  const { importExport } = await gateway.emulator.seed({ importExport: 2 });
  const [waiting = '', cancelled = ''] = importExport;
  await gateway.emulator.move(cancelled, { progressCode: 'Canceled' });
  const query =
    'query ($id: ID!) { job(id: $id) { ... on ImportExportJob { manifest signature { value } artifacts { url } } } }';
  const [first, second] = await Promise.all(
    [waiting, cancelled].map((each) => gateway.askAs('reader', query, { id: globalId('ImportExportJob', each) })),
  );
  expect(first).toEqual(second);
  expect(codesOf(first ?? {})).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
});

const introspections = [
  '{ __schema { types { name } } }',
  '{ __type(name: "Job") { name fields { name } } }',
  'query Q { ...F } fragment F on Query { s: __schema { queryType { name } } }',
  '{ ... on Query { __schema { directives { name } } } } # { jobs { nodes { id } } }',
];

test.each(transports)('over %s only callers with schema:read can introspect', async (transport) => {
  const gateway = await startGuarded(
    { reader: ['schema:read'], admin: everyRight, others: ['jobs:read', 'jobs:write', 'jobs:secrets'] },
    { WAYBILL_INTROSPECTION: 'scope' },
  );
  for (const query of introspections) {
    const [reader, admin, others] = await Promise.all(
      ['reader', 'admin', 'others'].map((name) =>
        askOver(transport, { url: gateway.url, token: gateway.tokenOf(name) }, { query }),
      ),
    );
    expect(reader?.data).toEqual(expect.any(Object));
    expect(admin).toEqual(reader);
    expect(codesOf(others as never)).toEqual(['FORBIDDEN']);
    expect(others?.data ?? null).toBeNull();
  }
});

const misfits = [
  '{ job }',
  '{ jobss { nodes { id } } }',
  '{ jobs(frist: 1) { nodes { idd } } }',
  '{ jobs(first: "x") { pageInfo } }',
];

test.each(transports)(
  'over %s the error for a faulty document shows the schema only to callers with schema:read',
  async (transport) => {
    const gateway = await startGuarded(
      { others: ['jobs:read'], reader: everyRight },
      { WAYBILL_INTROSPECTION: 'scope' },
    );
    const send = (name: string, query: string) =>
      askOver(transport, { url: gateway.url, token: gateway.tokenOf(name) }, { query });
    for (const query of misfits) {
      // Twice, with an allowed caller between: what Yoga caches for one caller must not be sent to another.
      for (let round = 0; round < 2; round += 1) {
        const withheld = await send('others', query);
        expect([query, withheld.errors?.length, codesOf(withheld as never)]).toEqual([
          query,
          1,
          ['GRAPHQL_VALIDATION_FAILED'],
        ]);
        expect(JSON.stringify(withheld)).not.toMatch(/Job|PageInfo|Int|ID!|nodes|frist/);
        expect(JSON.stringify(await send('reader', query))).toMatch(/field|argument|Int/i);
      }
    }
  },
);

const guesses = [
  { query: 'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }' },
  { query: 'query ($filter: JobFilter) { jobs(filter: $filter) { nodes { id } } }', variables: { filter: { a: 1 } } },
  { query: 'query ($first: Int) { jobs(first: $first) { nodes { id } } }', variables: { first: 'one' } },
  {
    query: 'subscription ($filter: JobFilter) { jobActivity(filter: $filter) { ... on JobStateChange { state } } }',
    variables: { filter: 1 },
  },
];

test.each(transports)(
  'over %s the error for faulty variables shows the schema only to callers with schema:read',
  async (transport) => {
    const gateway = await startGuarded(
      { others: ['jobs:read', 'jobs:write'], reader: everyRight },
      { WAYBILL_INTROSPECTION: 'scope' },
    );
    const send = (name: string, query: string, variables: object = { input: { a: 1 } }) =>
      askOver(transport, { url: gateway.url, token: gateway.tokenOf(name) }, { query, variables: { ...variables } });
    for (const { query, variables } of guesses) {
      const [withheld, answer] = [await send('others', query, variables), await send('reader', query, variables)];
      expect([query, withheld.data, codesOf(withheld as never)]).toEqual([query, undefined, ['INVALID_INPUT']]);
      expect(JSON.stringify(withheld)).not.toMatch(/Input|Filter|Int|details|Field/);
      expect(JSON.stringify(answer)).toMatch(/Input|Filter|Int/);
    }
  },
);

test('without a token only /livez and /readyz are answered', async () => {
  const gateway = await startGuarded({ admin: everyRight });
  const at = async (path: string) => {
    const response = await fetch(new URL(path, gateway.url));
    return `${response.status} ${await response.text()}`;
  };
  expect(await at('/livez')).toBe('200 alive\n');
  expect(await at('/readyz')).toBe('200 ready\n');
  for (const path of ['/health', '/metrics', '/admin', '/debug', '/_emulator/requests'])
    expect(await at(path)).toBe('404 Nothing is here. Operations go to /graphql.\n');
});

test('metrics are served only to programs on this machine, even if the gateway is not', async () => {
  const { metricsUrl = '' } = await startGuarded({ admin: everyRight }, { WAYBILL_METRICS_PORT: '0', HOST: '0.0.0.0' });
  const statusFor = async (host: string): Promise<string> => {
    const head = `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    return (await exchange(metricsUrl, head)).slice(0, 12);
  };
  expect([await statusFor('127.0.0.1'), await statusFor('localhost:9464')]).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  for (const host of ['evil.example', '127.0.0.1.evil.example'])
    expect([host, await statusFor(host)]).toEqual([host, 'HTTP/1.1 421']);
  await expect(fetch(metricsUrl.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow();
});

test('with WAYBILL_METRICS_HOST metrics are served at that address, whatever name a scrape uses for it', async () => {
  const { metricsUrl = '' } = await startGuarded(
    { admin: everyRight },
    { WAYBILL_METRICS_PORT: '0', WAYBILL_METRICS_HOST: '0.0.0.0', HOST: '0.0.0.0' },
  );
  expect(metricsUrl).toMatch(/^http:\/\/0\.0\.0\.0:\d+\/metrics$/);
  const elsewhere = metricsUrl.replace('0.0.0.0', '127.0.0.2');
  expect((await fetch(elsewhere)).status).toBe(200);
  const head = 'GET /metrics HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n\r\n';
  expect((await exchange(elsewhere, head)).slice(0, 12)).toBe('HTTP/1.1 200');
});

const good = '{ jobs(first: 1) { nodes { id } } }';

/** Sends from an address of this machine. */
function askFrom(localAddress: string, url: string, token: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const sent = request(url, { method: 'POST', localAddress, agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(JSON.stringify({ query: good }));
  });
}

function connectFrom(localAddress: string, url: string): WebSocket {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { localAddress });
  socket.on('error', () => {});
  return socket;
}

test('an address with a thousand failures in a minute is refused, and no other', {
  timeout: 60_000,
}, async () => {
  const gateway = await startGuarded({ viewer });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const token = gateway.tokenOf('viewer');
  const ask = (address: string, authorization = token) => askFrom(address, gateway.url, authorization, agent);
  await gateway.emulator.forgetRequests();
  expect(await ask('127.0.0.1')).toBe(200);
  const failed = await Promise.all(Array.from({ length: 1_000 }, () => ask('127.0.0.1', 'wbt_none')));
  expect(new Set(failed)).toEqual(new Set([401]));
  await gateway.emulator.forgetRequests();
  expect([await ask('127.0.0.1', 'wbt_none'), await ask('127.0.0.1')]).toEqual([429, 429]);
  expect(await gateway.emulator.requests()).toEqual({});
  const [, refusal] = await once(connectFrom('127.0.0.1', gateway.url), 'unexpected-response');
  expect(refusal.statusCode).toBe(429);
  expect(await ask('127.0.0.2')).toBe(200);
  const other = connectFrom('127.0.0.2', gateway.url);
  await once(other, 'open');
  other.terminate();
  agent.destroy();
});

test('sockets that fail to authenticate count as failures of their address', { timeout: 60_000 }, async () => {
  const gateway = await startGuarded({ viewer });
  const fail = async (): Promise<number> => {
    const socket = connectFrom('127.0.0.3', gateway.url);
    const refused = once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number);
    const closed = once(socket, 'close').then(([code]) => code as number);
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer x' } })),
    );
    return Promise.race([refused, closed]);
  };
  const codes = new Set<number>();
  for (let round = 0; round < 50; round += 1)
    for (const code of await Promise.all(Array.from({ length: 20 }, fail))) codes.add(code);
  expect(codes).toEqual(new Set([4403]));
  expect(await fail()).toBe(429);
  const socket = await gateway.socketOf('viewer');
  socket.subscribe('q', good);
  await until(() => socket.typesOf('q').includes('complete'));
});

test.each([
  ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json; charset=utf-8'],
  ['application/json', 'application/json; charset=utf-8'],
  ['*/*', 'application/json; charset=utf-8'],
  ['text/event-stream', 'application/json; charset=utf-8'],
])('A client that accepts %s is told of a bad token as %s', async (accept, type) => {
  const gateway = await startGuarded({});
  const headers = { accept, 'content-type': 'application/json', authorization: 'Bearer wrong' };
  const response = await fetch(gateway.url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
  expect([response.status, response.headers.get('content-type')]).toEqual([401, type]);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});
