/** The largest operations of real clients. Each must stay within the default limits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLOutputType,
  getIntrospectionQuery,
  getNamedType,
  isInterfaceType,
  isObjectType,
  isOutputType,
} from 'graphql';
import { graphiqlOptions } from '../../src/execution/graphiql.ts';
import { schema } from '../../src/schema/index.ts';
import { dataExchangeDetails, globalId } from './examples.ts';

export interface ClientOperation {
  readonly title: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/**
 * Every field below `type`, with every possible type of an interface and the largest pages. Without the links to other
 * nodes, each of which costs as much as its node: the operations with names follow them.
 */
function everyFieldOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named) && !isInterfaceType(named)) return '';
  const fields = Object.values(named.getFields()).filter(({ type: inner }) => !isNode(inner));
  const own = fields.map(
    ({ name, args, type: inner }) =>
      `${name}${args.some((argument) => argument.name === 'first') ? '(first: 200)' : ''}${everyFieldOf(inner)}`,
  );
  const others = isInterfaceType(named) ? schema.getPossibleTypes(named) : [];
  return `{ __typename ${own.join(' ')} ${others.map((other) => `... on ${other.name} ${everyFieldOf(other)}`).join(' ')} }`;
}

function isNode(type: GraphQLOutputType): boolean {
  const named = getNamedType(type);
  return (isObjectType(named) || isInterfaceType(named)) && named.getInterfaces().some(({ name }) => name === 'Node');
}

/** As `{ … }`, for the type with this name. */
function everythingIn(name: string): string {
  const type = schema.getType(name);
  if (!isOutputType(type)) throw new Error(`expected an output type, received ${name}`);
  return everyFieldOf(type);
}

const someId = globalId('DataExchangeJob', 'a'.repeat(40));

const job = 'id awsJobId service state isFinished statusMessage availableActions createdAt __typename';
const everything = everythingIn('Job').slice(1, -1);
const importExport = everythingIn('ImportExportJob').slice(1, -1);
const dataExchange = everythingIn('DataExchangeJob').slice(1, -1);
const pageInfo = 'pageInfo { endCursor hasNextPage hasPreviousPage startCursor }';

const userErrors = 'userErrors { code message field awsCode }';

/** As Relay's compiler writes it: separate fragments, edges, `id` and `__typename` everywhere. */
const relay = `query BoardQuery($count: Int!, $cursor: String) { ...Board_jobs_1G22uz }
fragment Board_jobs_1G22uz on Query {
  jobs(first: $count, after: $cursor) {
    edges { node { id ...Row_job ...Actions_job __typename } cursor }
    ${pageInfo}
    unavailableServices { service code message retryAfterMs }
  }
}
fragment Row_job on Job { __isJob: __typename id state service createdAt ...Disk_job ...Details_job }
fragment Actions_job on Job { __isJob: __typename id availableActions }
fragment Disk_job on ImportExportJob { id ${importExport} }
fragment Details_job on DataExchangeJob { id ${dataExchange} }`;

/** As Apollo Client sends 20 components, each with its own fragment, an `id` and a `__typename`. */
const components = Array.from({ length: 20 }, (_, index) => `Component${index}`);
const apollo = `query Board($withDetails: Boolean = true) {
  jobs(first: 100) { nodes { id ${components.map((name) => `...${name}`).join(' ')} __typename } ${pageInfo} __typename }
}
${components.map((name) => `fragment ${name} on Job { id state ... on DataExchangeJob { details @include(if: $withDetails) { dataSetId __typename } } __typename }`).join('\n')}`;

const introspections = [
  {},
  { descriptions: false },
  {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  },
];

function readmeOperations(): readonly ClientOperation[] {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const documents = [...readme.matchAll(/<<'END'\n(.*?)\nEND\n/gs)].map((match) => match[1] ?? '');
  return documents.map((query, index) => ({ title: `the README's ${index + 1}.`, query }));
}

export const clientOperations: readonly ClientOperation[] = [
  ...readmeOperations(),
  ...(graphiqlOptions.defaultTabs ?? []).map(({ query, variables }, index) => ({
    title: `GraphiQL's tab ${index + 1}`,
    query: query ?? '',
    ...(typeof variables === 'string' && { variables: JSON.parse(variables) as Record<string, unknown> }),
  })),
  ...introspections.map((options) => ({
    title: `the introspection with ${JSON.stringify(options)}`,
    query: getIntrospectionQuery(options),
  })),
  {
    title: 'all fields of all types of job, on the largest page',
    query: `{ jobs(first: 200) { nodes { ${everything} } ${pageInfo} unavailableServices { service code message retryAfterMs } } }`,
  },
  {
    title: 'the same by edges and a variable',
    query: `query ($n: Int!) { jobs(first: $n) { edges { cursor node { ${everything} } } } }`,
    variables: { n: 200 },
  },
  {
    title: 'the names of the data sets and revisions of the largest page',
    query: `{ jobs(first: 200) { nodes { id state ... on DataExchangeJob { details { dataSetId dataSet { id name }
      ... on ImportAssetsFromS3Details { revision { id comment } }
      ... on ExportAssetsToS3Details { revision { id comment } } } } } ${pageInfo} } }`,
  },
  {
    title: 'a page that picks assets',
    query: `{ dataSets(first: 10) { nodes { id name revisions(first: 5) { nodes { id comment isFinalized
      assets(first: 10) { nodes { id name sizeBytes } ${pageInfo} } } ${pageInfo} } } ${pageInfo} } }`,
  },
  { title: "Relay's", query: relay, variables: { count: 200 } },
  { title: "Apollo Client's", query: apollo },
  {
    title: 'the state of 200 jobs by their ids',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { state } } }',
    variables: { ids: Array(200).fill(someId) },
  },
  {
    title: 'all fields of 200 jobs by their ids',
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { ${everything} } } }`,
    variables: { ids: Array(200).fill(someId) },
  },
  {
    title: 'a page with three boards and two jobs',
    query: `query ($a: ID!) {
    all: jobs(first: 100) { nodes { ${job} } }
    disks: jobs(first: 100, filter: { service: IMPORT_EXPORT }) { nodes { ${job} } }
    others: jobs(first: 100, filter: { service: DATA_EXCHANGE }) { nodes { ${job} } }
    one: job(id: $a) { ${everything} }
    other: node(id: $a) { ... on Job { ${everything} } }
  }`,
    variables: { a: someId },
  },
  {
    title: 'a create that reads everything back',
    query: `mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { ${dataExchange} } ${userErrors} __typename } }`,
    variables: { input: { details: dataExchangeDetails.EXPORT_ASSET_TO_SIGNED_URL } },
  },
  {
    title: 'a subscription to 100 jobs with all fields',
    query: `subscription ($ids: [ID!]!, $after: String) { jobStateChanged(ids: $ids, after: $after) { cursor observedAt ... on JobStateChange { previousState state job { ${everything} } } } }`,
    variables: { ids: Array(100).fill(someId) },
  },
];
