/** What real clients ask at most: every document here must stay within the defaults. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { graphiqlOptions } from '../../src/execution/graphiql.ts';

export interface ClientOperation {
  readonly title: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

const encryption = 'encryption { type kmsKeyArn }';
const policy = '{ expression { key values } permissions }';
const signedUrl = '{ url expiresAt }';

/** Each of the nine types of `details`, with all its fields. */
const details = `
  dataSetId
  __typename
  ... on ImportAssetsFromS3Details { revisionId sources { bucket key } }
  ... on ImportAssetFromSignedUrlDetails { revisionId assetName md5Hash upload ${signedUrl} }
  ... on ExportAssetsToS3Details { revisionId destinations { assetId bucket key } ${encryption} }
  ... on ExportAssetToSignedUrlDetails { revisionId assetId download ${signedUrl} }
  ... on ExportRevisionsToS3Details { revisions: destinations { revisionId bucket keyPattern } ${encryption} eventActionArn }
  ... on ImportAssetsFromRedshiftDataSharesDetails { revisionId dataShareArns }
  ... on ImportAssetFromApiGatewayApiDetails {
    revisionId api { id name description stage protocol } specificationMd5Hash specificationUpload ${signedUrl}
  }
  ... on CreateS3DataAccessFromS3BucketDetails { revisionId source { bucket keyPrefixes keys kmsKeyArns } }
  ... on ImportAssetsFromLakeFormationTagPolicyDetails { revisionId catalogId roleArn database ${policy} table ${policy} }
`;

const job = 'id awsJobId service state isFinished statusMessage availableActions createdAt __typename';
const importExport = `
  direction progress { code message errorCount log { bucket key } }
  device { location locationCode message returnShipment { carrier trackingNumber } }
  manifest signature { value fileContents } artifacts { description url }`;
const dataExchange = `
  updatedAt arn type typeCode stateCode details { ${details} }
  errors { code message limit { name value } resource { id type } assetName sources { bucket key } }`;
const everything = `${job} ... on ImportExportJob { ${importExport} } ... on DataExchangeJob { ${dataExchange} }`;
const pageInfo = 'pageInfo { endCursor hasNextPage hasPreviousPage startCursor }';

const userErrors = 'userErrors { code message field awsCode }';

/** As Relay's compiler writes it: fragments of their own, edges, `id` and `__typename` wherever they may stand. */
const relay = `query BoardQuery($count: Int!, $cursor: String) { ...Board_jobs_1G22uz }
fragment Board_jobs_1G22uz on Query {
  jobs(first: $count, after: $cursor) {
    edges { node { id ...Row_job ...Actions_job __typename } cursor }
    ${pageInfo}
    unavailableServices
  }
}
fragment Row_job on Job { __isJob: __typename id state service createdAt ...Disk_job ...Details_job }
fragment Actions_job on Job { __isJob: __typename id availableActions }
fragment Disk_job on ImportExportJob { id ${importExport} }
fragment Details_job on DataExchangeJob { id ${dataExchange} }`;

/** As Apollo Client sends components that each bring a fragment with an \`id\` and a \`__typename\`. */
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
    query: `{ jobs(first: 200) { nodes { ${everything} } ${pageInfo} unavailableServices } }`,
  },
  {
    title: 'the same by edges and a variable',
    query: `query ($n: Int!) { jobs(first: $n) { edges { cursor node { ${everything} } } } }`,
    variables: { n: 200 },
  },
  { title: "Relay's", query: relay, variables: { count: 200 } },
  { title: "Apollo Client's", query: apollo },
  {
    title: 'the state of 200 jobs by their ids',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Job { state } } }',
    variables: { ids: Array(200).fill('x') },
  },
  {
    title: 'all fields of 200 jobs by their ids',
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { ${everything} } } }`,
    variables: { ids: Array(200).fill('x') },
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
    variables: { a: 'x' },
  },
  {
    title: 'a create that reads everything back',
    query: `mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { ${job} ${dataExchange} } ${userErrors} __typename } }`,
  },
  {
    title: 'a subscription to 100 jobs with all fields',
    query: `subscription ($ids: [ID!]!, $after: String) { jobStateChanged(ids: $ids, after: $after) { cursor observedAt ... on JobStateChange { previousState state job { ${everything} } } } }`,
    variables: { ids: Array(100).fill('x') },
  },
];
