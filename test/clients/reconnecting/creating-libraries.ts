/** One create by each library. Each gives the id of the job, or fails in its own way. */
import { ApolloClient as Apollo4, InMemoryCache as Cache4, gql as gql4, HttpLink as HttpLink4 } from '@apollo/client';
import {
  ApolloClient as Apollo3,
  InMemoryCache as Cache3,
  gql as gql3,
  HttpLink as HttpLink3,
} from 'apollo-client-3/core/index.js';
import { Environment, Network, RecordSource, Store } from 'relay-runtime';
import { Client, fetchExchange } from 'urql';
import { demoExport } from './demo-export.ts';

const query = `mutation CreateExport($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id } userErrors { code message } }
}`;

interface Created {
  readonly createDataExchangeJob: { readonly job: { readonly id: string } | null };
}

const variablesWith = (idempotencyKey: string) => ({ input: { idempotencyKey, details: demoExport } });

const idOf = (data: Created | null | undefined): string => data?.createDataExchangeJob.job?.id ?? '';

export interface CreatingLibrary {
  readonly name: string;
  readonly create: (url: string, idempotencyKey: string) => Promise<unknown>;
}

async function byFetch(url: string, key: string): Promise<unknown> {
  const body = JSON.stringify({ query, variables: variablesWith(key) });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const result = (await response.json()) as { data?: Created; errors?: unknown };
  return result.errors ? result : idOf(result.data);
}

async function byApollo3(uri: string, key: string): Promise<unknown> {
  const client = new Apollo3({ link: new HttpLink3({ uri }), cache: new Cache3() });
  return idOf((await client.mutate<Created>({ mutation: gql3(query), variables: variablesWith(key) })).data);
}

async function byApollo4(uri: string, key: string): Promise<unknown> {
  const client = new Apollo4({ link: new HttpLink4({ uri }), cache: new Cache4() });
  return idOf((await client.mutate<Created>({ mutation: gql4(query), variables: variablesWith(key) })).data);
}

async function byUrql(url: string, key: string): Promise<unknown> {
  const client = new Client({ url, preferGetMethod: false, exchanges: [fetchExchange] });
  const result = await client.mutation<Created>(query, variablesWith(key)).toPromise();
  return result.error ? result : idOf(result.data);
}

/** Relay's environment, whose errors have `source`. */
async function byRelay(url: string, key: string): Promise<unknown> {
  const network = Network.create(async ({ text }, variables) => {
    const body = JSON.stringify({ query: text, variables });
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
    return (await fetch(url, { method: 'POST', headers, body })).json();
  });
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const params = {
    id: null,
    cacheID: 'create',
    name: 'CreateExport',
    operationKind: 'mutation' as const,
    text: query,
    metadata: {},
  };
  const result = await environment.getNetwork().execute(params, variablesWith(key), {}).toPromise();
  return idOf((result as { data?: Created } | undefined)?.data);
}

export const creatingLibraries: readonly CreatingLibrary[] = [
  { name: 'fetch', create: byFetch },
  { name: 'Apollo Client 3', create: byApollo3 },
  { name: 'Apollo Client 4', create: byApollo4 },
  { name: 'urql', create: byUrql },
  { name: 'Relay', create: byRelay },
];
