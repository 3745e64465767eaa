/** Secrets of fourteen kinds, planted wherever one can get in, and looked for in every byte that comes out. */
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

/** One request, and all of its answer: the line, the headers, the body. */
async function answerTo(path: string, { headers = {}, ...init }: RequestInit & { headers?: Record<string, string> }) {
  const response = await fetch(new URL(path, gateway.url), { redirect: 'manual', ...init, headers });
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  return [response.status, response.statusText, ...lines, await response.text()].join('\n');
}

function posted(body: string, headers: Record<string, string> = {}): Promise<string> {
  const usual = { 'content-type': 'application/json', accept: 'application/json' };
  return answerTo('/graphql', { method: 'POST', body, headers: { ...usual, ...asOther(), ...headers } });
}

function asOther(): Record<string, string> {
  return { authorization: `Bearer ${gateway.tokens.other}` };
}

function asked(query: string, variables?: unknown, operationName?: string): Promise<string> {
  return posted(JSON.stringify({ query, variables, operationName }));
}

/** As a line of text: headers and paths cannot hold a line feed. */
function oneLine({ value }: Planted): string {
  return value.replaceAll('\n', ' ');
}

const jobs = '{ jobs(first: 5) { nodes { id state ... on ImportExportJob { progress { code } } } } }';
const create =
  'mutation ($input: CreateImportExportJobInput!) { createImportExportJob(input: $input) { job { id state } userErrors { code message field awsCode } } }';
const exportJob =
  'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id state } userErrors { code message field awsCode } } }';

/** Every field of a job that a caller without the right must not see. */
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

/** Where each secret is planted; each gives every byte that came back. */
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
  'a path': ({ value }) => answerTo(`/${encodeURIComponent(value)}`, { headers: asOther() }),
  'a query string': ({ value }) =>
    answerTo(`/graphql?query=${encodeURIComponent(jobs)}&x=${encodeURIComponent(value)}`, { headers: asOther() }),
  'a method': ({ value }) => answerTo('/graphql', { method: 'PUT', body: value, headers: asOther() }),
  'no JSON': ({ value }) => posted(value),
  'broken JSON': ({ value }) => posted(`{"query": "${value}`),
  'JSON of another form': ({ value }) => posted(JSON.stringify([value, { value }])),
  'a member that nobody asked for': ({ value }) =>
    posted(JSON.stringify({ query: jobs, [value]: value, extensions: { value } })),
  'a comment': ({ value }) => asked(`# ${value.replaceAll('\n', ' ')}\n${jobs}`),
  'a text in the query': ({ value }) => asked(`{ job(id: ${JSON.stringify(value)}) { id } }`),
  'a text where none belongs': ({ value }) => asked(`{ jobs(first: ${JSON.stringify(value)}) { nodes { id } } }`),
  'a cursor': ({ value }) =>
    asked(`query ($after: String) { jobs(first: 1, after: $after) { nodes { id } } }`, { after: value }),
  'a variable of another type': ({ value }) =>
    asked(`query ($first: Int) { jobs(first: $first) { nodes { id } } }`, { first: value }),
  'a variable deep in an input': ({ value }) => asked(create, { input: { manifest: { importToS3: { value } } } }),
  'the name of a variable': ({ value }) => asked(jobs, { [value]: value }),
  'the name of an operation': ({ value }) => asked(`query Known ${jobs}`, {}, value),
  'an id': ({ value }) => asked('query ($id: ID!) { job(id: $id) { id } }', { id: globalId('DataExchangeJob', value) }),
  'a key of a create': (planted) =>
    asked(create, { input: { idempotencyKey: planted.value, manifest: manifestWith(planted) } }),
  'a manifest': async (planted) => {
    const made = await asked(create, { input: { manifest: manifestWith(planted) } });
    const id = /"id":"([^"]+)"/.exec(made)?.[1];
    return `${made}${await asked(secretFields, { id })}`;
  },
  'the text of a manifest': ({ value }) =>
    asked(create, {
      input: {
        manifest: { text: { direction: 'IMPORT', text: `manifestVersion:2.0\n${value}\n` } },
        validateOnly: true,
      },
    }),
  'the input of an export': ({ value }) =>
    asked(exportJob, {
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
  'a message that is none': ({ value }) => overSocket(value),
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

/** The next calls of both services fail like this, once each. */
async function afterFault(fault: Record<string, unknown>): Promise<string> {
  for (const operation of ['ImportExport.*', 'DataExchange.*']) await gateway.emulator.fail(operation, fault, 3);
  const told = [
    await asked(jobs),
    await asked('query ($id: ID!) { job(id: $id) { id state } }', { id: globalId('ImportExportJob', 'ABCDE') }),
    await asked(create, { input: { manifest: manifests.importToS3 } }),
    await asked('{ job(id: "RGF0YUV4Y2hhbmdlSm9iOmYxZmM4ZDlhNjA1YzQ1OWVhYmZlYTExZjg2ZGE3OWQ3") { id state } }'),
  ];
  await gateway.emulator.heal();
  return told.join('\n');
}

/** All frames, and the code and reason of the end. The id that a client chose comes back in each frame by the protocol. */
async function overSocket(...messages: readonly (object | string)[]): Promise<string> {
  const socket = await opened();
  const told: string[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { type: string; id?: string };
    told.push(JSON.stringify({ ...frame, id: undefined }));
    const next = frame.type === 'connection_ack' ? messages[1] : undefined;
    if (next !== undefined) socket.send(JSON.stringify(next));
    if (/^(complete|error)$/.test(frame.type) || (frame.type === 'connection_ack' && next === undefined))
      socket.close();
  });
  const [first = ''] = messages;
  socket.send(typeof first === 'string' ? first : JSON.stringify(first));
  const [code, reason] = await once(socket, 'close');
  return [...told, code, String(reason)].join('\n');
}

/** A gateway on a machine that is busy with other tests refuses sockets for some seconds. */
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
  'G1 %s gives no secret away',
  async (_, way) => {
    for (const planted of gateway.canaries) {
      expect([planted.kind, shownIn(await way(planted), gateway.canaries)]).toEqual([planted.kind, []]);
    }
  },
  30_000,
);

test('neither the traces nor the metrics of all this have shown a secret', async () => {
  const last = '4bf92f3577b34da6a3ce929d0e0e4736';
  await posted(JSON.stringify({ query: jobs }), { traceparent: `00-${last}-00f067aa0ba902b7-01` });
  await expect.poll(collector.told, { timeout: 15_000 }).toContain(last);
  // What comes later would only take memory: a collector that is down costs nothing but its traces.
  await collector.close();
  const told = collector.told();
  expect(told.split('"traceId"').length).toBeGreaterThan(1_000);
  expect(shownIn(told, gateway.canaries)).toEqual([]);
  const metricsUrl = /metrics +(\S+)/.exec(gateway.stdout())?.[1];
  const metrics = await scraped(metricsUrl);
  expect(metrics).toMatch(/^waybill_operation_seconds_count\{.*\} [1-9]/m);
  expect(shownIn(metrics, gateway.canaries)).toEqual([]);
});

test('G1 in any order, and to many at once, no secret is given away', { timeout: 7_200_000 }, async () => {
  const names = fc.constantFrom(...Object.keys(ways));
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(names, fc.nat()), { minLength: 8, maxLength: 8 }), async (requests) => {
      const told = await Promise.all(
        requests.map(([name, which]) => ways[name]?.(gateway.canaries[which % gateway.canaries.length] as Planted)),
      );
      answers += told.length;
      expect(told.flatMap((text) => shownIn(text ?? '', gateway.canaries))).toEqual([]);
    }),
    { numRuns: canaryRuns / 8 },
  );
  expect(answers).toBeGreaterThanOrEqual(canaryRuns);
});

test('neither stdout nor stderr has shown a secret, and each line of the log is JSON', async () => {
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
