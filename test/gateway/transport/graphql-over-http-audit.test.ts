/** The audits of `graphql-http`, with every check enabled that acts between a request and a resolver. */
import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { oneToken } from '../../support/token-file.ts';

/** The ids of the audits that fail, with the reason. No MUST may be here; at present no audit is. */
const declined: Readonly<Record<string, string>> = {};

test('every audit of GraphQL over HTTP passes, except those listed with a reason', { timeout: 60_000 }, async () => {
  const { env, token } = await oneToken();
  const { url, complaints } = await startGateway(env);
  const fetchFn = (input: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    headers.set('x-graphql-yoga-csrf', '1');
    return fetch(input, { ...init, headers });
  };
  const audits = serverAudits({ url, fetchFn });
  const failed = new Map<string, string>();
  for (const { id, name, fn } of audits) if ((await fn()).status !== 'ok') failed.set(id, name);
  expect([...failed.values()].filter((name) => name.startsWith('MUST'))).toEqual([]);
  expect([...failed.keys()].toSorted()).toEqual(Object.keys(declined).toSorted());
  expect(audits.filter(({ name }) => name.startsWith('MUST'))).toHaveLength(13);
  expect(complaints).toEqual([]);
});
