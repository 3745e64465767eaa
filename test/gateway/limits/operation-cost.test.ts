import { isInterfaceType, isObjectType, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { maxPageSize } from '../../../src/limits/argument-values.ts';
import { costOf, priceOf } from '../../../src/limits/operation-cost.ts';
import { maxWalkCalls } from '../../../src/resolvers/walk-budget.ts';
import { subgraphSchema } from '../../../src/schema/federation.ts';
import { schema } from '../../../src/schema/index.ts';
import { startGateway } from '../../support/gateway.ts';
import { exponential } from '../../support/hostile-documents.ts';

function cost(query: string, variables?: Record<string, unknown>, operationName?: string): number | undefined {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return costOf({ schema, document, variables, operationName }, 2_500);
}

test('Exactly the fields that may cause calls have a price', () => {
  const priced = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).flatMap((field) =>
          priceOf(field) > 0 ? `${type.name}.${field.name} ${priceOf(field)}` : [],
        )
      : [],
  );
  expect(priced.toSorted()).toMatchInlineSnapshot(`
    [
      "DataSet.jobs 1",
      "DataSet.revisions 1",
      "ExportAssetToSignedUrlDetails.download 1",
      "ImportAssetFromApiGatewayApiDetails.specificationUpload 1",
      "ImportAssetFromSignedUrlDetails.upload 1",
      "ImportExportJob.artifacts 1",
      "ImportExportJob.manifest 1",
      "ImportExportJob.signature 1",
      "Mutation.cancelJob 10",
      "Mutation.cancelJobs 10",
      "Mutation.createDataExchangeJob 10",
      "Mutation.createDataSet 10",
      "Mutation.createImportExportJob 10",
      "Mutation.createRevision 10",
      "Mutation.finalizeRevision 17",
      "Mutation.repeatDataExchangeJob 11",
      "Mutation.startDataExchangeJob 10",
      "Mutation.updateImportExportJob 10",
      "Query.dataSets 2",
      "Query.jobs 2",
      "Query.shippingLabel 10",
      "Revision.assets 1",
      "Revision.jobs 1",
      "Subscription.jobActivity 20",
      "Subscription.jobStateChanged 1",
    ]
  `);
});

test('Every mutation and subscription has a price', () => {
  const roots = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
  );
  expect(roots.filter((field) => priceOf(field) === 0).map(({ name }) => name)).toEqual([]);
});

test('Every field that returns a signed URL has a price', () => {
  const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  const signed = fields.filter(({ type }) => /^SignedUrl!?$/.test(String(type)));
  expect(signed.length).toBeGreaterThan(0);
  expect(signed.filter((field) => priceOf(field) === 0).map(({ name }) => name)).toEqual([]);
});

test.each<[string, number, string, Record<string, unknown>?]>([
  ['a literal', 9, '{ jobs(first: 7) { nodes { id } } }'],
  ['the default of the schema', 22, '{ jobs { nodes { id } } }'],
  ['a variable', 32, 'query ($n: Int!) { jobs(first: $n) { nodes { id } } }', { n: 30 }],
  ['the default of a variable', 42, 'query ($n: Int! = 40) { jobs(first: $n) { nodes { id } } }'],
  ['a variable rather than its default', 52, 'query ($n: Int! = 40) { jobs(first: $n) { nodes { id } } }', { n: 50 }],
  ['null', 22, '{ jobs(first: null) { nodes { id } } }'],
  ['a variable that is null', 22, 'query ($n: Int = 40) { jobs(first: $n) { nodes { id } } }', { n: null }],
  ['a variable without a value', 22, 'query ($n: Int) { jobs(first: $n) { nodes { id } } }'],
  ['edges', 9, '{ jobs(first: 7) { edges { node { id } } } }'],
  ['edges and nodes', 16, '{ jobs(first: 7) { edges { node { id } } nodes { id } } }'],
  ['a page without nodes', 2, '{ jobs(first: 7) { pageInfo { hasNextPage } } }'],
  ['a page that is too large', 2 + maxPageSize, '{ jobs(first: 1000000000) { nodes { id } } }'],
  ['an invalid size', 2 + maxPageSize, '{ jobs(first: -1) { nodes { id } } }'],
  [
    'a variable that is not a number',
    2 + maxPageSize,
    'query ($n: Int!) { jobs(first: $n) { nodes { id } } }',
    { n: '5' },
  ],
  [
    'a filter that the services apply',
    9,
    '{ jobs(first: 7, filter: { service: IMPORT_EXPORT, dataSetId: "x" }) { nodes { id } } }',
  ],
  ['a filter that takes a walk', 9 + maxWalkCalls, '{ jobs(first: 7, filter: { states: [FAILED] }) { nodes { id } } }'],
  [
    'a filter whose members are empty',
    9,
    '{ jobs(first: 7, filter: { states: [], types: null, createdAfter: "" }) { nodes { id } } }',
  ],
  [
    'a filter in a variable',
    22 + maxWalkCalls,
    'query ($filter: JobFilter) { jobs(filter: $filter) { nodes { id } } }',
    { filter: { direction: 'IMPORT', states: [] } },
  ],
  [
    'a variable within a filter',
    22 + maxWalkCalls,
    'query ($states: [JobState!]) { jobs(filter: { states: $states }) { nodes { id } } }',
    { states: ['FAILED'] },
  ],
  [
    'an empty variable within a filter',
    22,
    'query ($states: [JobState!] = [FAILED]) { jobs(filter: { states: $states }) { nodes { id } } }',
    { states: [] },
  ],
  [
    'the default of a variable within a filter',
    22 + maxWalkCalls,
    'query ($states: [JobState!] = [FAILED]) { jobs(filter: { states: $states }) { nodes { id } } }',
  ],
  [
    'the default of a filter',
    22 + maxWalkCalls,
    'query ($filter: JobFilter = { createdBefore: "2026-01-01T00:00:00Z" }) { jobs(filter: $filter) { nodes { id } } }',
  ],
  ['a variable that is missing', 22, 'query ($n: Int!) { jobs(first: $n) { nodes { id } } }'],
])('A page sized by %s costs %i points', (_title, points, query, variables) => {
  expect(cost(query, variables)).toBe(points);
});

test.each<[string, number, string, Record<string, unknown>?]>([
  ['a literal', 3, '{ nodes(ids: ["a", "b", "c"]) { id } }'],
  ['one value for a list', 1, '{ nodes(ids: "a") { id } }'],
  ['a variable', 500, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(500).fill('a') }],
  ['a default', 2, 'query ($ids: [ID!]! = ["a", "b"]) { nodes(ids: $ids) { id } }'],
  [
    'a mutation',
    550,
    'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { results { job { id } } } }',
    { ids: Array(50).fill('a') },
  ],
  [
    'a subscription',
    200,
    'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { job { id } } } }',
    { ids: Array(100).fill('a') },
  ],
])('Ids given by %s cost %i points', (_title, points, query, variables) => {
  expect(cost(query, variables)).toBe(points);
});

test.each<[string, number, string]>([
  [
    'fields with their own read',
    4,
    '{ job(id: "a") { ... on ImportExportJob { manifest signature { value } artifacts { url } } } }',
  ],
  [
    'the more expensive of two types',
    3,
    '{ job(id: "a") { ... on ImportExportJob { manifest signature { value } } ... on DataExchangeJob { details { ... on ImportAssetFromSignedUrlDetails { upload { url } } } } } }',
  ],
  [
    'one of nine kinds of details',
    2,
    '{ job(id: "a") { ... on DataExchangeJob { details { ... on ImportAssetFromSignedUrlDetails { upload { url } } ... on ExportAssetToSignedUrlDetails { download { url } } } } } }',
  ],
  [
    'a field in two fragments',
    2,
    '{ job(id: "a") { ...A ...B } } fragment A on ImportExportJob { signature { value } } fragment B on ImportExportJob { signature { fileContents } }',
  ],
  ['a field with two aliases', 3, '{ job(id: "a") { ... on ImportExportJob { a: manifest b: manifest } } }'],
  ['a write and its answer', 11, 'mutation { cancelJob(id: "a") { job { id } } }'],
  [
    'the name of the data set of each job',
    202,
    '{ jobs(first: 100) { nodes { ... on DataExchangeJob { details { dataSet { name } } } } } }',
  ],
  [
    'the names of up to a hundred assets of a job',
    101,
    '{ job(id: "a") { ... on DataExchangeJob { details { ... on ExportAssetsToS3Details { destinations { asset { name } } } } } } }',
  ],
  [
    'destinations without the names of their assets',
    1,
    '{ job(id: "a") { ... on DataExchangeJob { details { ... on ExportAssetsToS3Details { destinations { assetId } } } } } }',
  ],
  [
    'a page of data sets with pages of their revisions and assets',
    2 + 10 + 10 * 1 + 10 * 5 + 10 * 5 * 1 + 10 * 5 * 3,
    '{ dataSets(first: 10) { nodes { revisions(first: 5) { nodes { assets(first: 3) { nodes { name } } } } } } }',
  ],
  [
    'the jobs of each data set of a page',
    2 + 10 + 10 + 10 * 5,
    '{ dataSets(first: 10) { nodes { jobs(first: 5) { nodes { id } } } } }',
  ],
  ['introspection', 1, '{ __schema { types { name fields { name } } } __type(name: "Job") { name } }'],
  ['only names', 1, '{ __typename }'],
])('%s costs %i points', (_title, points, query) => {
  expect(cost(query)).toBe(points);
});

test.each([
  [true, 4],
  [false, 2],
])('A field with @include(if: %s) makes the operation cost %i points', (withManifest, points) => {
  const selection = 'id ... on ImportExportJob { manifest @include(if: $with) artifacts @skip(if: true) { url } }';
  const query = `query ($with: Boolean!) { nodes(ids: ["a", "b"]) { ${selection} } }`;
  expect(cost(query, { with: withManifest })).toBe(points);
});

test.each([
  ['a variable', 3, '$r', { r: [{}, {}, {}] }],
  ['a variable of more than are read', 200, '$r', { r: Array(1_000).fill({}) }],
  ['a variable that is no list', 1, '$r', { r: {} }],
  ['the default of a variable', 2, '$d', {}],
  ['a list in the document', 2, '[$one, $one]', { one: {} }],
])('Representations in %s cost %i points', (_title, points, representations, variables) => {
  const declared = '($r: [_Any!]! = [], $d: [_Any!]! = [{}, {}], $one: _Any! = {})';
  const document = parse(
    `query ${declared} { _entities(representations: ${representations}) { ... on Job { id } ... on DataSet { id } } }`,
  );
  expect(costOf({ schema: subgraphSchema(), document, variables }, 2_500)).toBe(points);
});

test('The cost is that of the named operation', () => {
  const query = 'query Small { job(id: "a") { id } } query Large { jobs(first: 99) { nodes { id } } }';
  expect([cost(query, {}, 'Small'), cost(query, {}, 'Large'), cost(query), cost(query, {}, 'None')]).toEqual([
    1,
    101,
    undefined,
    undefined,
  ]);
});

test('A document over the limit of nodes costs Infinity', () => {
  expect(costOf({ schema, document: parse(exponential(60, true)) }, 2_500)).toBe(Infinity);
});

test('An invalid document has a cost', () => {
  const document = parse(
    '{ a { b } jobs(first: "x") { nodes { c @skip(if: 3) ...D ...E } } __proto__ } fragment D on F { g } subscription { h }',
  );
  expect(costOf({ schema, document, operationName: undefined }, 2_500)).toBeUndefined();
  expect(costOf({ schema, document: parse('subscription { h { i } }') }, 2_500)).toBe(1);
  expect(
    costOf(
      {
        schema,
        document: parse('{ jobs(first: "x") { nodes { c @skip(if: 3) ...D ...E } } __proto__ } fragment D on F { g }'),
      },
      2_500,
    ),
  ).toBe(22);
});

test('The largest accepted page is the largest priced page', async () => {
  const { ask } = await startGateway();
  const query = 'query ($n: Int!) { jobs(first: $n) { nodes { id } } }';
  expect((await ask(query, { n: maxPageSize })).errors).toBeUndefined();
  expect((await ask(query, { n: maxPageSize + 1 })).errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
});
