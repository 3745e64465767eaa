/** Plants secrets of fourteen kinds in every input, and searches every byte of the output for them. */
import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { canaryRuns } from '../../model/runs.ts';
import { globalId, manifests, returnAddress } from '../../support/examples.ts';
import { scraped } from '../../support/gateway.ts';
import { type Planted, secrets, shownIn } from '../../support/planted-secrets.ts';
import { startTraceCollector, type TraceCollector } from '../../support/trace-collector.ts';
import { type CanaryGateway, startCanaryGateway } from './planted-gateway.ts';

let gateway: CanaryGateway;
let collector: TraceCollector;

beforeAll(async () => {
  const planted = Object.fromEntries(secrets.map(({ value }, index) => [`PLANTED_${index}`, value]));
  collector = await startTraceCollector();
  const watched = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, WAYBILL_METRICS_PORT: '0' };
  gateway = await startCanaryGateway({ ...planted, ...watched });
}, 60_000);

afterAll(async () => {
  await gateway.close();
});

/** Sends one request and returns the whole response: the status line, the headers, the body. */
async function send(path: string, { headers = {}, ...init }: RequestInit & { headers?: Record<string, string> }) {
  const response = await fetch(new URL(path, gateway.url), { redirect: 'manual', ...init, headers });
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  return [response.status, response.statusText, ...lines, await response.text()].join('\n');
}

function posted(body: string, headers: Record<string, string> = {}): Promise<string> {
  const usual = { 'content-type': 'application/json', accept: 'application/json' };
  return send('/graphql', { method: 'POST', body, headers: { ...usual, ...asOther(), ...headers } });
}

function asOther(): Record<string, string> {
  return { authorization: `Bearer ${gateway.tokens.other}` };
}

function query(query: string, variables?: unknown, operationName?: string): Promise<string> {
  return posted(JSON.stringify({ query, variables, operationName }));
}

/** As one line, since headers and paths cannot contain a line feed. */
function oneLine({ value }: Planted): string {
  return value.replaceAll('\n', ' ');
}

const jobs = '{ jobs(first: 5) { nodes { id state ... on ImportExportJob { progress { code } } } } }';
const create =
  'mutation ($input: CreateImportExportJobInput!) { createImportExportJob(input: $input) { job { id state } userErrors { code message field awsCode } } }';
const exportJob =
  'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id state } userErrors { code message field awsCode } } }';

/** Every field that needs jobs:secrets. */
const secretFields =
  'query ($id: ID!) { job(id: $id) { id ... on ImportExportJob { manifest signature { value fileContents } artifacts { url } } } }';

function manifestWith({ value }: Planted): object {
  const { importToS3 } = manifests.importToS3;
  const text = value.replaceAll('\n', ' ').slice(0, 60);
  return {
    importToS3: {
      ...importToS3,
      deviceId: text,
      returnAddress: { ...returnAddress, name: text, street1: text, phoneNumber: text },
      encryption: { trueCryptPassword: text },
    },
  };
}

/** The places where each secret is planted; each function returns every byte of the response. */
const ways: Readonly<Record<string, (planted: Planted) => Promise<string>>> = {
  'a header of its own': (planted) => posted(JSON.stringify({ query: jobs }), { 'x-planted': oneLine(planted) }),
  cookie: (planted) => posted(JSON.stringify({ query: jobs }), { cookie: oneLine(planted) }),
  referer: (planted) =>
    posted(JSON.stringify({ query: jobs }), { referer: oneLine(planted), 'user-agent': oneLine(planted) }),
  origin: (planted) => posted(JSON.stringify({ query: jobs }), { origin: oneLine(planted) }),
  'the media type': (planted) =>
    posted(JSON.stringify({ query: jobs }), { 'content-type': oneLine(planted), accept: oneLine(planted) }),
  authorization: (planted) => posted(JSON.stringify({ query: jobs }), { authorization: oneLine(planted) }),
  'a bearer token': (planted) =>
    posted(JSON.stringify({ query: jobs }), { authorization: `Bearer ${oneLine(planted)}` }),
  'a path': ({ value }) => send(`/${encodeURIComponent(value)}`, { headers: asOther() }),
  'a query string': ({ value }) =>
    send(`/graphql?query=${encodeURIComponent(jobs)}&x=${encodeURIComponent(value)}`, { headers: asOther() }),
  'a method': ({ value }) => send('/graphql', { method: 'PUT', body: value, headers: asOther() }),
  'a body that is not JSON': ({ value }) => posted(value),
  'broken JSON': ({ value }) => posted(`{"query": "${value}`),
  'JSON of another form': ({ value }) => posted(JSON.stringify([value, { value }])),
  'an unknown member': ({ value }) => posted(JSON.stringify({ query: jobs, [value]: value, extensions: { value } })),
  'a comment': ({ value }) => query(`# ${value.replaceAll('\n', ' ')}\n${jobs}`),
  'a string in the query': ({ value }) => query(`{ job(id: ${JSON.stringify(value)}) { id } }`),
  'a string in place of a number': ({ value }) => query(`{ jobs(first: ${JSON.stringify(value)}) { nodes { id } } }`),
  'a cursor': ({ value }) =>
    query(`query ($after: String) { jobs(first: 1, after: $after) { nodes { id } } }`, { after: value }),
  'a variable of another type': ({ value }) =>
    query(`query ($first: Int) { jobs(first: $first) { nodes { id } } }`, { first: value }),
  'a variable deep in an input': ({ value }) => query(create, { input: { manifest: { importToS3: { value } } } }),
  'the name of a variable': ({ value }) => query(jobs, { [value]: value }),
  'the name of an operation': ({ value }) => query(`query Known ${jobs}`, {}, value),
  'an id': ({ value }) => query('query ($id: ID!) { job(id: $id) { id } }', { id: globalId('DataExchangeJob', value) }),
  'a key of a create': (planted) =>
    query(create, { input: { idempotencyKey: planted.value, manifest: manifestWith(planted) } }),
  'a manifest': async (planted) => {
    const made = await query(create, { input: { manifest: manifestWith(planted) } });
    const id = /"id":"([^"]+)"/.exec(made)?.[1];
    return `${made}${await query(secretFields, { id })}`;
  },
  'the text of a manifest': ({ value }) =>
    query(create, {
      input: {
        manifest: { text: { direction: 'IMPORT', text: `manifestVersion:2.0\n${value}\n` } },
        validateOnly: true,
      },
    }),
  'the input of an export': ({ value }) =>
    query(exportJob, {
      input: { details: { exportAssetToSignedUrl: { dataSetId: value, revisionId: value, assetId: value } } },
    }),
  'a reply of AWS': async ({ value }) => afterFault({ body: value }),
  'a refusal by AWS': async ({ value }) =>
    afterFault({
      status: 400,
      body: `<ErrorResponse><Error><Code>InvalidParameterException</Code><Message>${value}</Message></Error></ErrorResponse>`,
    }),
  'a refusal in JSON': async ({ value }) =>
    afterFault({
      status: 400,
      body: JSON.stringify({ __type: value, code: value, Message: value, ResourceId: value, ResourceType: value }),
    }),
  'a failure of AWS': async (planted) =>
    afterFault({
      status: 503,
      body: `<html>${planted.value}</html>`,
      headers: { 'x-amzn-errortype': oneLine(planted), server: oneLine(planted) },
    }),
  'a page of a proxy': async (planted) =>
    afterFault({ status: 302, headers: { location: oneLine(planted) }, body: planted.value }),
  'events of a stream': ({ value }) =>
    posted(
      JSON.stringify({
        query: 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }',
        variables: { ids: [value] },
      }),
      {
        accept: 'text/event-stream',
      },
    ),
  'the first message of a socket': ({ value }) =>
    overSocket({ type: 'connection_init', payload: { authorization: `Bearer ${value}`, value } }),
  'an invalid message': ({ value }) => overSocket(value),
  'a message of another type': ({ value }) => overSocket({ type: value, id: value, payload: value }),
  'an operation over a socket': ({ value }) =>
    overSocket(
      { type: 'connection_init', payload: asOther() },
      {
        type: 'subscribe',
        id: value.slice(0, 100),
        payload: { query: jobs, operationName: value, variables: { value } },
      },
    ),
};

/** Makes the next calls of both services fail like this. */
async function afterFault(fault: Record<string, unknown>): Promise<string> {
  for (const operation of ['ImportExport.*', 'DataExchange.*']) await gateway.emulator.fail(operation, fault, 3);
  const outputs = [
    await query(jobs),
    await query('query ($id: ID!) { job(id: $id) { id state } }', { id: globalId('ImportExportJob', 'ABCDE') }),
    await query(create, { input: { manifest: manifests.importToS3 } }),
    await query('{ job(id: "RGF0YUV4Y2hhbmdlSm9iOmYxZmM4ZDlhNjA1YzQ1OWVhYmZlYTExZjg2ZGE3OWQ3") { id state } }'),
  ];
  await gateway.emulator.heal();
  return outputs.join('\n');
}

/** All frames, and the close code and reason. By the protocol each frame repeats the client's id, which is left out. */
async function overSocket(...messages: readonly (object | string)[]): Promise<string> {
  const socket = await opened();
  const outputs: string[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { type: string; id?: string };
    outputs.push(JSON.stringify({ ...frame, id: undefined }));
    const next = frame.type === 'connection_ack' ? messages[1] : undefined;
    if (next !== undefined) socket.send(JSON.stringify(next));
    if (/^(complete|error)$/.test(frame.type) || (frame.type === 'connection_ack' && next === undefined))
      socket.close();
  });
  const [first = ''] = messages;
  socket.send(typeof first === 'string' ? first : JSON.stringify(first));
  const [code, reason] = await once(socket, 'close');
  return [...outputs, code, String(reason)].join('\n');
}

/** On a busy machine the gateway may refuse sockets for some seconds. */
async function opened(): Promise<WebSocket> {
  for (;;) {
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
    socket.on('error', () => {});
    const isOpen = await once(socket, 'open').then(
      () => true,
      (error: unknown) => {
        if (!String(error).endsWith(' 503')) throw error;
        return false;
      },
    );
    if (isOpen) return socket;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test.each(Object.entries(ways))(
  'a secret in %s does not appear in the response',
  async (_, way) => {
    for (const planted of gateway.canaries) {
      expect([planted.kind, shownIn(await way(planted), gateway.canaries)]).toEqual([planted.kind, []]);
    }
  },
  30_000,
);

test('the traces and metrics of all these requests contain no secret', async () => {
  const last = '4bf92f3577b34da6a3ce929d0e0e4736';
  await posted(JSON.stringify({ query: jobs }), { traceparent: `00-${last}-00f067aa0ba902b7-01` });
  await expect.poll(collector.received, { timeout: 15_000 }).toContain(last);
  // Later traces would only take memory.
  await collector.close();
  const outputs = collector.received();
  expect(outputs.split('"traceId"').length).toBeGreaterThan(1_000);
  expect(shownIn(outputs, gateway.canaries)).toEqual([]);
  const metricsUrl = /metrics +(\S+)/.exec(gateway.stdout())?.[1];
  const metrics = await scraped(metricsUrl);
  expect(metrics).toMatch(/^waybill_operation_seconds_count\{.*\} [1-9]/m);
  expect(shownIn(metrics, gateway.canaries)).toEqual([]);
});

test('with concurrent requests in any order no secret appears in a response', { timeout: 7_200_000 }, async () => {
  const names = fc.constantFrom(...Object.keys(ways));
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(names, fc.nat()), { minLength: 8, maxLength: 8 }), async (requests) => {
      const outputs = await Promise.all(
        requests.map(([name, which]) => ways[name]?.(gateway.canaries[which % gateway.canaries.length] as Planted)),
      );
      answers += outputs.length;
      expect(outputs.flatMap((text) => shownIn(text ?? '', gateway.canaries))).toEqual([]);
    }),
    { numRuns: canaryRuns / 8 },
  );
  expect(answers).toBeGreaterThanOrEqual(canaryRuns);
});

test('stdout and stderr contain no secret, and each line of the log is JSON', async () => {
  expect(shownIn(gateway.stdout(), gateway.canaries)).toEqual([]);
  expect(shownIn(gateway.stderr(), gateway.canaries)).toEqual([]);
  const lines = gateway
    .stderr()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string });
  expect(lines.filter(({ msg }) => msg === 'operation').length).toBeGreaterThan(100);
  expect(lines.filter(({ msg }) => msg.startsWith('unexpected'))).toEqual([]);
});
