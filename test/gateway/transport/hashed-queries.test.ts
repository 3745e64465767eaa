/** Queries that clients send by their hash first, as Apollo's and urql's automatic persisted queries do. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGateway, temporaryFolder } from '../../support/gateway.ts';
import { askOver, codesOf, transports } from '../../support/transports.ts';

const query = 'query Name { __typename }';
const sha256Hash = createHash('sha256').update(query).digest('hex');
const extensions = { persistedQuery: { version: 1, sha256Hash } };
const answer = { data: { __typename: 'Query' } };

/** What the links of Apollo and urql look for, to send the text instead. */
const notSupported = {
  errors: [
    { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', retryable: false } },
  ],
};

test.each(transports)(
  'over %s a query by its hash is refused so that the client sends its text, which is answered',
  async (transport) => {
    const gateway = await startGateway();
    await gateway.emulator.forgetRequests();
    for (const request of [{ extensions }, { extensions, query: '' }, { extensions, operationName: 'Name' }])
      expect(await askOver(transport, gateway, request)).toEqual(notSupported);
    for (const request of [{ query }, { query, extensions }])
      expect(await askOver(transport, gateway, request)).toEqual(answer);
    expect([await gateway.emulator.requests(), gateway.complaints]).toEqual([{}, []]);
  },
);

test.each([
  ['application/json', 200],
  ['application/json, text/event-stream', 200],
  ['*/*', 200],
  ['application/graphql-response+json', 400],
  ['application/graphql-response+json, application/json;q=0.9, text/event-stream', 400],
])('a client that accepts %s gets the refusal with the status %i', async (accept, status) => {
  const { url } = await startGateway();
  const headers = { 'content-type': 'application/json', accept };
  const posted = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ extensions }) });
  expect([posted.status, await posted.json()]).toEqual([status, notSupported]);
  const parameters = new URLSearchParams({ operationName: 'Name', extensions: JSON.stringify(extensions) });
  const got = await fetch(`${url}?${parameters}`, { headers });
  expect([got.status, await got.json()]).toEqual([status, notSupported]);
});

test.each([
  {},
  { extensions: {} },
  { extensions: { persistedQuery: null } },
  { extensions: { persistedQuery: {} } },
  { extensions: { persistedQuery: 5 } },
])('a request %j without query and hash lacks its query', async (request) => {
  const gateway = await startGateway();
  const { errors } = await askOver('HTTP', gateway, request as object);
  expect(errors).toEqual([
    { message: 'query: expected a string, received none.', extensions: { code: 'BAD_REQUEST' } },
  ]);
});

test.each(transports)('with trusted documents a hash over %s finds its document, or none', async (transport) => {
  const path = join(temporaryFolder(), 'trusted-documents.json');
  await writeFile(path, JSON.stringify({ [sha256Hash]: query }));
  const gateway = await startGateway({ WAYBILL_TRUSTED_DOCUMENTS: path });
  expect(await askOver(transport, gateway, { extensions })).toEqual(answer);
  const unknown = { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } };
  expect(codesOf(await askOver(transport, gateway, unknown))).toEqual(['PERSISTED_ONLY']);
});
