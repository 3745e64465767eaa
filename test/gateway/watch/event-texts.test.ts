/** A live event is serialized once for all of its readers; each message equals what graphql-js alone would have made of it. */
import fc from 'fast-check';
import { buildSchema, execute, parse, printSchema, validate } from 'graphql';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../../src/schema/index.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { openSocket, type RawSocket, until } from '../../support/live.ts';

/** Without resolvers: the values are those that the gateway has sent to a reader of all fields. */
const plainSchema = buildSchema(printSchema(schema));

const everything = `subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) {
  __typename cursor observedAt
  ... on JobStateChange { previousState state isAnomalous job { __typename id awsJobId service state isFinished } }
  ... on JobGone { id awsJobId service }
} }`;

const eventFields = fc.constantFrom(
  ...['cursor', 'cursor', 'observedAt', '__typename', 'other: cursor', 'at: observedAt', 'kind: __typename'],
  ...['cursor @include(if: $yes)', 'skipped: cursor @skip(if: $yes)', 'kept: cursor @skip(if: $no)', '...Event'],
  ...[
    '... on JobStateChange { state previousState cursor }',
    '... on JobStateChange { before: previousState isAnomalous }',
  ],
  ...['... on JobStateChange { job { id state } }', '... on JobStateChange { job { ...Job key: id } again: cursor }'],
  ...[
    '... on JobGone { id service }',
    '... on JobEvent { nested: cursor ... on JobEvent { cursor } }',
    '... { cursor }',
  ],
  ...['... on JobGone { key: awsJobId cursor }'],
);

/** All of them with the same variables. */
const documents = fc
  .tuple(fc.array(eventFields, { minLength: 1, maxLength: 8 }), fc.constantFrom('', 'news: '), fc.boolean())
  .map(([fields, alias, isInFragment]) => {
    const root = `${alias}jobStateChanged(ids: $ids) { ${fields.join(' ')} seen: observedAt @include(if: $yes) @skip(if: $no) }`;
    const operation = isInFragment ? `{ ...Root } fragment Root on Subscription { ${root} }` : `{ ${root} }`;
    const text = `subscription ($ids: [ID!]!, $yes: Boolean!, $no: Boolean = false) ${operation}`;
    const used = Object.entries(fragments).flatMap(([name, fragment]) =>
      text.includes(`...${name}`) ? [fragment] : [],
    );
    return [text, ...used].join(' ');
  });

const fragments = {
  Event:
    'fragment Event on JobEvent { cursor observedAt ... @include(if: $yes) { __typename } ... @skip(if: $yes) { no: cursor } }',
  Job: 'fragment Job on Job { service awsJobId ... on Node { id } }',
};

const flags = { yes: true };

function textsOf(raw: RawSocket): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  raw.socket.on('message', (data) => {
    const text = String(data);
    const { id = '', type } = JSON.parse(text) as { id?: string; type: string };
    if (type === 'next') texts.set(id, [...(texts.get(id) ?? []), text]);
  });
  return texts;
}

/** The blocks of a stream of server-sent events that carry a result, as they were sent. */
async function sentBlocks(url: string, query: string, variables: object, count: number): Promise<string[]> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    signal: leaving.signal,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
  });
  let text = '';
  const decoder = new TextDecoder();
  const blocks = (): string[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.startsWith('event: next'));
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (blocks().length >= count) break;
  }
  leaving.abort();
  return blocks();
}

interface Probe {
  readonly payload: { readonly data: { readonly jobStateChanged: { readonly cursor: string } } };
}

function expectedPayload(query: string, probe: string): string {
  const { payload } = JSON.parse(probe) as Probe;
  const variableValues = { ids: [], ...flags };
  const result = execute({ schema: plainSchema, document: parse(query), rootValue: payload.data, variableValues });
  return JSON.stringify(result);
}

test("messages over WebSocket and server-sent events equal what graphql-js makes of the event and the reader's cursor", {
  timeout: 60_000,
}, async () => {
  const { url, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1, importExport: 0 });
  const [awsJobId = ''] = dataExchange;
  const id = globalId('DataExchangeJob', awsJobId);
  // A reader of a job that does not exist as well has another cursor for the same event.
  const idsOf = [[id], [id, globalId('DataExchangeJob', 'f'.repeat(32))]] as const;
  // With the two probes as many as one socket may have.
  const random = fc.sample(documents, 24);
  expect(random.flatMap((query) => validate(schema, parse(query)))).toEqual([]);
  const raw = await openSocket(url);
  const texts = textsOf(raw);
  for (const [index, ids] of idsOf.entries()) {
    raw.subscribe(`probe ${index}`, everything, { ids });
    await until(() => (texts.get(`probe ${index}`)?.length ?? 0) === ids.length);
  }
  const readers = random.flatMap((query, number) =>
    idsOf.map((ids, index) => ({ query, ids, index, id: `"${number}" ${index}` })),
  );
  for (const { id: operation, query, ids } of readers) raw.subscribe(operation, query, { ids, ...flags });
  await until(() => readers.every(({ id: operation, ids }) => texts.get(operation)?.length === ids.length));
  const sent = random.slice(0, 8).map((query) => sentBlocks(url, query, { ids: idsOf[0], ...flags }, 2));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  const lastOf = (operation: string): string => texts.get(operation)?.at(-1) ?? '';
  await until(() => readers.every(({ id: operation, ids }) => texts.get(operation)?.length === ids.length + 1));
  const probes = idsOf.map((_, index) => lastOf(`probe ${index}`));
  expect(new Set(probes.map((probe) => (JSON.parse(probe) as Probe).payload.data.jobStateChanged.cursor)).size).toBe(2);
  for (const { id: operation, query, index } of readers) {
    const payload = expectedPayload(query, probes[index] ?? '');
    expect(lastOf(operation)).toBe(`{"id":${JSON.stringify(operation)},"type":"next","payload":${payload}}`);
  }
  const [probe = ''] = probes;
  const { cursor } = (JSON.parse(probe) as Probe).payload.data.jobStateChanged;
  for (const [index, blocks] of (await Promise.all(sent)).entries())
    expect(blocks.at(-1)).toBe(`event: next\ndata: ${expectedPayload(random[index] ?? '', probe)}\nid: ${cursor}`);
  expect(raw.socket.readyState).toBe(WebSocket.OPEN);
});
