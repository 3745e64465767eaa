/**
 * Requests as real clients spell them: media types in any case, empty members, and GET queries from a page of the
 * gateway's own.
 */
import { expect, test } from 'vitest';
import { acceptedJson } from '../../support/accepted-json.ts';
import { startGateway } from '../../support/gateway.ts';
import { openSocket, until } from '../../support/live.ts';

const named = 'query A { __typename }';
const answer = { data: { __typename: 'Query' } };

async function posted(url: string, body: object, type = 'application/json') {
  const headers = { 'content-type': type, accept: acceptedJson };
  const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(JSON.stringify(body)) });
  return { status: response.status, body: (await response.json()) as { errors?: { message: string }[] } };
}

async function overSocket(url: string, payload: object) {
  const raw = await openSocket(url);
  raw.send({ type: 'subscribe', id: '1', payload });
  await until(() => raw.closed !== undefined || ['complete', 'error'].includes(raw.typesOf('1').at(-1) ?? ''));
  const [first] = raw.frames.filter(({ id }) => id === '1');
  return first?.type === 'error' ? { errors: first.payload as { message: string }[] } : first?.payload;
}

test.each([
  { operationName: '' },
  { operationName: null },
  { variables: null },
  { extensions: null },
  { operationName: '', variables: null, extensions: null },
  { operationName: 'A', variables: {}, extensions: {} },
])('a request with %j has the same answer over HTTP and WebSocket', async (members) => {
  const { url } = await startGateway();
  const request = { query: named, ...members };
  expect(await posted(url, request)).toEqual({ status: 200, body: answer });
  expect(await overSocket(url, request)).toEqual(answer);
});

test.each<[object, string]>([
  [{}, 'query: expected a string, received none.'],
  [{ query: null }, 'query: expected a string, received none.'],
  [{ query: 5 }, 'query: expected a string, received a number.'],
  [{ query: named, operationName: 5 }, 'operationName: expected a string, received a number.'],
  [{ query: named, variables: [] }, 'variables: expected an object, received a list.'],
  [{ query: named, variables: '{}' }, 'variables: expected an object, received a string.'],
  [{ query: named, extensions: true }, 'extensions: expected an object, received a boolean.'],
])('a request with %j is refused with the same message over HTTP and WebSocket', async (request, message) => {
  const { url, complaints } = await startGateway();
  const { status, body } = await posted(url, request);
  expect([status, body.errors?.map((error) => error.message)]).toEqual([400, [message]]);
  expect(await overSocket(url, request)).toMatchObject({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  expect(complaints).toEqual([]);
});

const csrf = { 'x-graphql-yoga-csrf': '1' };

test.each(['operationName=', 'variables=', 'extensions=', 'operationName=&variables=&extensions='])(
  'a query by GET with an empty %s is answered',
  async (parameters) => {
    const { url } = await startGateway();
    const response = await fetch(`${url}?query=${encodeURIComponent(named)}&${parameters}`, { headers: csrf });
    expect(await response.json()).toEqual(answer);
  },
);

test.each([
  'Application/JSON',
  'APPLICATION/JSON; Charset=UTF-8',
  'application/json;charset="utf-8"',
  'application/json ; charset=utf8',
  'application/json; profile=x',
])('JSON as %s is accepted', async (type) => {
  const { url } = await startGateway();
  expect(await posted(url, { query: named }, type)).toEqual({ status: 200, body: answer });
});

test.each([
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json, text/plain',
  'application/jsonx',
  'text/plain; application/json',
  'json',
])('JSON as %s is answered 415', async (type) => {
  const { url, complaints } = await startGateway();
  const { status, body } = await posted(url, { query: named }, type);
  expect([status, body.errors?.map(({ message }) => message)]).toEqual([
    415,
    ['Content-Type: expected application/json, in UTF-8.'],
  ]);
  expect(complaints).toEqual([]);
});

test('a query by GET needs no header from a page of the same origin; from elsewhere the error names POST and the header', async () => {
  const { url } = await startGateway();
  const get = async (headers: Record<string, string>) => {
    const response = await fetch(`${url}?query=${encodeURIComponent(named)}`, { headers });
    return [response.status, await response.json()];
  };
  expect(await get({ 'sec-fetch-site': 'same-origin' })).toEqual([200, answer]);
  expect(await get(csrf)).toEqual([200, answer]);
  const refused = [
    403,
    {
      errors: [
        {
          message:
            'Send the query by POST, or by GET with the header x-graphql-yoga-csrf or apollo-require-preflight, with any value.',
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    },
  ];
  for (const site of ['none', 'same-site', 'cross-site', 'Same-Origin, cross-site', ''])
    expect(await get({ 'sec-fetch-site': site })).toEqual(refused);
  expect(await get({})).toEqual(refused);
});
