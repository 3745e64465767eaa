/**
 * Trusted documents from end to end: a tool writes its file, a gateway starts with it, unchanged, and a client of that tool runs
 * its operations by id.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import {
  type ConcreteRequest,
  commitMutation,
  Environment,
  type FetchFunction,
  fetchQuery,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
  type SubscribeFunction,
} from 'relay-runtime';
import { ModuleKind, transpileModule } from 'typescript';
import { expect, test } from 'vitest';
import { readyOperations, variablesOf } from '../../support/ready-operations.ts';
import { compileRelay, relayName, writeReadyModules } from './relay.ts';
import { post, runnable, socketClient, startTrustedGateway } from './trusted-gateway.ts';
import { makeWorkspace } from './workspace.ts';

const imported = (...path: readonly string[]): Promise<Record<string, unknown>> =>
  import(pathToFileURL(join(...path)).href);

test.each(['sha256', 'sha1'])(
  'Documents that GraphQL Code Generator persists by %s run by the hash that it puts into the code',
  async (hashAlgorithm) => {
    const { folder, read, run, write } = makeWorkspace();
    write('codegen.json', {
      schema: 'schema.graphql',
      documents: ['operations/*.graphql'],
      config: { useTypeImports: true },
      generates: { 'gql/': { preset: 'client', presetConfig: { persistedDocuments: { hashAlgorithm } } } },
    });
    expect(await run('@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.json')).toMatchObject({ code: 0 });
    const { outputText } = transpileModule(read('gql/graphql.ts'), { compilerOptions: { module: ModuleKind.ESNext } });
    write('compiled.js', outputText);
    const documents = await imported(folder, 'compiled.js');
    const idOf = (name: string) =>
      (documents[`${name}Document`] as { readonly __meta__: { readonly hash: string } }).__meta__.hash;
    const url = await startTrustedGateway(join(folder, 'gql', 'persisted-documents.json'));
    for (const { name } of runnable) {
      const variables = variablesOf[name] ?? {};
      for (const documentId of new Set([idOf(name), idOf(name).replace('sha256:', '')])) {
        const extensions = { persistedQuery: { version: 1, sha256Hash: documentId } };
        for (const named of [{ documentId }, { extensions }]) {
          const { data, errors } = await post(url, { ...named, variables });
          expect([name, data, errors]).toEqual([name, expect.anything(), undefined]);
        }
      }
    }
    const events = socketClient(url).iterate({
      ...{ query: '', documentId: idOf('WatchImport') },
      variables: variablesOf['WatchImport'] ?? {},
    });
    expect((await events.next()).value).toMatchObject({ data: { jobStateChanged: { state: 'WAITING' } } });
  },
);

test('Documents that Relay persists run by doc_id, over both transports', async () => {
  const workspace = makeWorkspace();
  const project = { language: 'javascript', persistConfig: { file: './persisted.json', algorithm: 'MD5' } } as const;
  writeReadyModules(workspace, project);
  expect(await compileRelay(workspace, project)).toMatchObject({ code: 0 });
  const url = await startTrustedGateway(join(workspace.folder, 'persisted.json'));
  const environment = relayEnvironment(url);
  const requestOf = async (name: string): Promise<ConcreteRequest> => {
    const operation = readyOperations.find((each) => each.name === name);
    const file = operation && `${relayName(operation)}.graphql.js`;
    const { default: request } = await imported(workspace.folder, 'src', 'artifacts', file ?? '');
    expect((request as ConcreteRequest).params).toMatchObject({ id: expect.stringMatching(/^\w{32}$/), text: null });
    return request as ConcreteRequest;
  };
  for (const { name, kind } of runnable) {
    const request = await requestOf(name);
    const variables = variablesOf[name] ?? {};
    const data = await (kind === 'query'
      ? fetchQuery(environment, request, variables).toPromise()
      : new Promise((onCompleted, onError) => {
          commitMutation(environment, { mutation: request, variables, onCompleted, onError });
        }));
    expect([name, data]).toEqual([name, expect.anything()]);
  }
  const subscription = await requestOf('WatchImport');
  const event = await new Promise((onNext, onError) => {
    const variables = variablesOf['WatchImport'] ?? {};
    requestSubscription(environment, { subscription, variables, onNext, onError });
  });
  expect(event).toMatchObject({ jobStateChanged: { state: 'WAITING' } });
});

/** As Relay's guide to persisted queries sends documents. */
function relayEnvironment(url: string): Environment {
  const client = socketClient(url);
  const fetchFunction: FetchFunction = async ({ id, text }, variables) =>
    (await post(url, { doc_id: id, query: text, variables })) as never;
  const subscribeFunction: SubscribeFunction = ({ id, text }, variables) =>
    Observable.create((sink) => client.subscribe({ ...{ doc_id: id, query: text ?? '' }, variables }, sink as never));
  const network = Network.create(fetchFunction, subscribeFunction);
  return new Environment({ network, store: new Store(new RecordSource()) });
}

test.each([false, true])(
  "Documents of Apollo's manifest run by their hash, with GET for queries: %s",
  async (useGETForHashedQueries) => {
    const { folder, read, run, write } = makeWorkspace();
    const output = 'persisted-query-manifest.json';
    write('manifest.config.json', { documents: ['operations/*.graphql'], output });
    const written = await run('@apollo/generate-persisted-query-manifest/cli.js', '--config', 'manifest.config.json');
    expect(written).toMatchObject({ code: 0 });
    const url = await startTrustedGateway(join(folder, output));
    const sent: string[] = [];
    const withIds = new PersistedQueryLink({
      ...generatePersistedQueryIdsFromManifest({ loadManifest: async () => JSON.parse(read(output)) }),
      useGETForHashedQueries,
    });
    const http = new HttpLink({
      uri: url,
      fetch: (input, init) => {
        sent.push(`${String(input)} ${String(init?.body)}`);
        return fetch(input, init);
      },
    });
    const link = ApolloLink.split(
      ({ operationType }) => operationType === 'subscription',
      // It sends the text, with the same transformations as those of the manifest.
      new GraphQLWsLink(socketClient(url)),
      ApolloLink.from([withIds, http]),
    );
    const client = new ApolloClient({ cache: new InMemoryCache(), link, devtools: { enabled: false } });
    for (const { name, kind, text } of runnable) {
      const variables = variablesOf[name] ?? {};
      const document = gql(text);
      const { data } = await (kind === 'query'
        ? client.query({ query: document, variables, fetchPolicy: 'no-cache' })
        : client.mutate({ mutation: document, variables, fetchPolicy: 'no-cache' }));
      expect([name, data]).toEqual([name, expect.anything()]);
    }
    expect(sent).toHaveLength(runnable.length);
    expect(sent.filter((request) => request.includes('"query"') || request.includes('query='))).toEqual([]);
    const watch = readyOperations.find(({ name }) => name === 'WatchImport');
    const event = await new Promise((next, error) => {
      const variables = variablesOf['WatchImport'] ?? {};
      client
        .subscribe({ query: gql(watch?.text ?? ''), variables, fetchPolicy: 'no-cache' })
        .subscribe({ next, error });
    });
    expect(event).toMatchObject({ data: { jobStateChanged: { state: 'WAITING' } } });
  },
);
