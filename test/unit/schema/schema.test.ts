import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  print,
  validate,
  validateSchema,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { printedSchema } from '../../../src/schema/print.ts';

/** What client clusters rely on: root fields, arguments, the shape of payloads and pages, and every enum value. */
const fixedParts = `
  type CancelJobPayload { job: Job userErrors: [UserError!]! }
  type CreateDataExchangeJobPayload { job: DataExchangeJob userErrors: [UserError!]! }
  type CreateImportExportJobPayload { job: ImportExportJob userErrors: [UserError!]! warning: String }
  enum DataExchangeJobType {
    CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET
    EXPORT_ASSETS_TO_S3
    EXPORT_ASSET_TO_SIGNED_URL
    EXPORT_REVISIONS_TO_S3
    IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY
    IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES
    IMPORT_ASSETS_FROM_S3
    IMPORT_ASSET_FROM_API_GATEWAY_API
    IMPORT_ASSET_FROM_SIGNED_URL
    UNKNOWN
  }
  scalar DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time.html")
  enum DeviceFileSystem { EXT2 EXT3 EXT4 FAT32 NTFS }
  enum DeviceLocation { AT_AWS NOT_RECEIVED RETURNED UNKNOWN }
  enum EncryptionType { AES256 AWS_KMS }
  interface Job implements Node {
    availableActions: [JobAction!]!
    awsJobId: String!
    createdAt: DateTime!
    finishedAt: DateTime
    history(after: String, first: Int! = 50): JobTransitionConnection!
    id: ID!
    isFinished: Boolean!
    service: JobService!
    state: JobState!
    statusMessage: String
  }
  enum JobAction { CANCEL START UPDATE }
  type JobConnection {
    edges: [JobEdge!]!
    nodes: [Job]!
    pageInfo: PageInfo!
    unavailableServices: [JobService!]!
  }
  type JobEdge { cursor: String! node: Job }
  input JobFilter { dataSetId: String service: JobService }
  enum JobService { DATA_EXCHANGE IMPORT_EXPORT }
  enum JobState { CANCELLED COMPLETED COMPLETED_WITH_ERRORS FAILED IN_PROGRESS TIMED_OUT UNKNOWN WAITING }
  interface JobEvent { cursor: String! observedAt: DateTime! }
  type JobEventsMissed implements JobEvent { cursor: String! observedAt: DateTime! }
  type JobGone implements JobEvent {
    awsJobId: String!
    cursor: String!
    id: ID!
    observedAt: DateTime!
    service: JobService!
  }
  type JobStateChange implements JobEvent {
    cursor: String!
    isAnomalous: Boolean!
    job: Job!
    observedAt: DateTime!
    previousState: JobState
    state: JobState!
  }
  type JobTransition { observedAt: DateTime! previousState: JobState state: JobState! }
  type JobTransitionConnection { edges: [JobTransitionEdge!]! nodes: [JobTransition!]! pageInfo: PageInfo! }
  type JobTransitionEdge { cursor: String! node: JobTransition! }
  type JobsFresh implements JobEvent { cursor: String! ids: [ID!] observedAt: DateTime! service: JobService! }
  type JobsStale implements JobEvent {
    cursor: String!
    ids: [ID!]
    observedAt: DateTime!
    service: JobService!
    since: DateTime!
  }
  type Mutation {
    cancelJob(id: ID!): CancelJobPayload!
    createDataExchangeJob(input: CreateDataExchangeJobInput!): CreateDataExchangeJobPayload!
    createImportExportJob(input: CreateImportExportJobInput!): CreateImportExportJobPayload!
    startDataExchangeJob(id: ID!): StartDataExchangeJobPayload!
    updateImportExportJob(id: ID!, input: UpdateImportExportJobInput!): UpdateImportExportJobPayload!
  }
  interface Node { id: ID! }
  type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
  type Query {
    job(id: ID!): Job
    jobs(after: String, filter: JobFilter, first: Int! = 20): JobConnection!
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    shippingLabel(input: ShippingLabelInput!): ShippingLabelPayload!
  }
  enum ServiceLevel { EXPEDITED_SHIPPING STANDARD }
  type ShippingLabelPayload { label: ShippingLabel userErrors: [UserError!]! }
  type StartDataExchangeJobPayload { job: DataExchangeJob userErrors: [UserError!]! }
  type Subscription {
    jobActivity(after: String, filter: JobFilter): JobEvent!
    jobStateChanged(after: String, ids: [ID!]!): JobEvent!
  }
  enum TransferDirection { EXPORT IMPORT }
  type UpdateImportExportJobPayload { job: ImportExportJob userErrors: [UserError!]! warning: String }
  type UserError { awsCode: String code: UserErrorCode! field: [String!] message: String! }
  enum UserErrorCode {
    ACCESS_DENIED
    CONFLICT
    IDEMPOTENCY_MISMATCH
    INVALID_INPUT
    INVALID_MANIFEST
    NOT_FOUND
    QUOTA_EXCEEDED
  }
`;

const ownTypes = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

/** Each definition of `sdl` by name, without its descriptions. */
function definitionsOf(sdl: string): Readonly<Record<string, string>> {
  const bare = visit(parse(sdl), {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  });
  return Object.fromEntries(
    bare.definitions.map((definition) => ['name' in definition ? definition.name?.value : '', print(definition)]),
  );
}

/** `type` and all that is in it, each with its path and its description. */
function elementsOf(type: GraphQLNamedType): [string, string | null | undefined][] {
  const elements: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type)) {
    for (const value of type.getValues()) elements.push([`${type.name}.${value.name}`, value.description]);
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      elements.push([`${type.name}.${field.name}`, field.description]);
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      elements.push([`${type.name}.${field.name}`, field.description]);
      for (const arg of field.args) elements.push([`${type.name}.${field.name}(${arg.name}:)`, arg.description]);
    }
  }
  return elements;
}

/** Every field below `type`, as a selection set. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isCompositeType(named) || !('getFields' in named)) return '';
  const fields = Object.values(named.getFields()).map((field) => `${field.name}${selectionOf(field.type)}`);
  return ` { ${fields.join(' ')} }`;
}

test('the schema is valid', () => {
  expect(validateSchema(schema)).toEqual([]);
});

test('every element of the schema says what its type cannot', () => {
  const silent = ownTypes
    .flatMap(elementsOf)
    .filter(([, description]) => !description?.trim())
    .map(([path]) => path);
  expect(silent).toEqual([]);
});

test('the committed schema is the one that the code makes', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../schema.graphql'), 'utf8');
  expect(committed, 'schema.graphql is out of date: run `npm run schema` and commit it').toBe(printedSchema());
});

test('what client clusters rely on is as it was agreed', () => {
  const agreed = definitionsOf(fixedParts);
  const present = definitionsOf(printedSchema());
  expect(Object.fromEntries(Object.keys(agreed).map((name) => [name, present[name]]))).toEqual(agreed);
});

test.each(['Job', 'DataExchangeJobDetails'])('all fields of all that implement %s can be asked for at once', (name) => {
  const type = schema.getType(name);
  if (!isInterfaceType(type)) throw new Error(`${name} is not an interface`);
  const fragments = schema
    .getPossibleTypes(type)
    .map((implementer) => `... on ${implementer.name}${selectionOf(implementer)}`);
  const selection =
    name === 'Job' ? fragments.join(' ') : `... on DataExchangeJob { details { ${fragments.join(' ')} } }`;
  const document = parse(`query ($id: ID!) { job(id: $id) { ${selection} } }`);
  expect(validate(schema, document)).toEqual([]);
});
