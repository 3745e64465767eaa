/** What the schema allows fits the default limits: inline or by variables, over HTTP or a WebSocket, however it is spelled. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { askOver, type Told } from '../../support/transports.ts';

const { dataSetId, revisionId, assetId } = demo;

/** 100 destinations, the most that the schema allows, each with the longest bucket and key that S3 has. */
const destinations = Array.from({ length: 100 }, (_, index) => {
  const start = String(index).padStart(3, '0');
  return { assetId, bucket: 'b'.repeat(255), key: `${start}${'k'.repeat(1_021)}` };
});
const details = { exportAssetsToS3: { dataSetId, revisionId, destinations } };
const japanese = {
  importAssetsFromS3: {
    dataSetId,
    revisionId,
    sources: Array.from({ length: 100 }, () => ({ bucket: demo.bucket, key: '価'.repeat(341) })),
  },
};

const answer = 'job { type } userErrors { field message }';

/** Each letter of a text as six bytes, as Python's and PHP's encoders write what is beyond ASCII. */
function escaped(text: string): string {
  return Array.from(text, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

/** `value` as a literal of GraphQL, over many lines. */
function literal(value: unknown, indentation = '    '): string {
  if (typeof value === 'string') return `"${escaped(value)}"`;
  if (Array.isArray(value))
    return `[\n${value.map((each) => `${indentation}${literal(each, indentation)}`).join('\n')}\n]`;
  const members = Object.entries(value as object).map(([name, each]) => `${name}: ${literal(each, indentation)}`);
  return `{ ${members.join(` `)} }`;
}

function json(value: unknown): string {
  if (typeof value === 'string') return `"${escaped(value)}"`;
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`;
  return `{${Object.entries(value as object).map(([name, each]) => `"${name}": ${json(each)}`)}}`;
}

const byVariable = `mutation ($details: DataExchangeJobDetailsInput!) { createDataExchangeJob(input: { details: $details }) { ${answer} } }`;
const inline = (given: unknown) =>
  `mutation { createDataExchangeJob(input: { details: ${literal(given)} }) { ${answer} } }`;

const made = { data: { createDataExchangeJob: { job: { type: expect.any(String) }, userErrors: [] } } };

async function posted(url: string, body: string): Promise<Told> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body })).json() as Promise<Told>;
}

test.each([
  ['100 longest destinations', details],
  ['100 keys in Japanese', japanese],
])('%s fit a body with every letter escaped, inline and by variables', async (_title, given) => {
  const { url } = await startGateway();
  expect(
    await posted(url, `{"query": ${JSON.stringify(byVariable)}, "variables": {"details": ${json(given)}}}`),
  ).toMatchObject(made);
  expect(await posted(url, JSON.stringify({ query: inline(given) }))).toMatchObject(made);
});

test.each([
  ['100 longest destinations', details],
  ['100 keys in Japanese', japanese],
])('%s fit a message of a WebSocket, which takes what a body may have', async (_title, given) => {
  const target = await startGateway();
  expect(await askOver('WebSocket', target, { query: inline(given) })).toMatchObject(made);
  expect(await askOver('WebSocket', target, { query: byVariable, variables: { details: given } })).toMatchObject(made);
});

test('200 ids written inline are answered, each in its place', async () => {
  const { url } = await startGateway();
  const ids = Array.from({ length: 200 }, (_, index) => globalId('DataExchangeJob', String(index).padStart(40, 'a')));
  const query = `{ nodes(ids: ${JSON.stringify(ids)}) { id } }`;
  expect(await posted(url, JSON.stringify({ query }))).toEqual({ data: { nodes: Array(200).fill(null) } });
});

test('lists longer than any that the schema states, written inline, are refused before they are parsed', async () => {
  const { url } = await startGateway();
  const query = `{ nodes(ids: [${'"a" '.repeat(2_000)}]) { id } }`;
  const { errors } = await posted(url, JSON.stringify({ query }));
  expect(errors).toMatchObject([
    { extensions: { code: 'OPERATION_TOO_COMPLEX', limit: 'valueTokens', allowed: 2_000 } },
  ]);
});
