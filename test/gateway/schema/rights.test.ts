/** Which scopes each field requires: as the schema declares it, and as the running gateway enforces it. */
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import type { Scope } from '../../../src/identity/caller.ts';
import { withGuardedFields } from '../../../src/schema/guarded-fields.ts';
import { schema } from '../../../src/schema/index.ts';
import { dataExchangeDetails, globalId, manifests, returnAddress } from '../../support/examples.ts';
import { everyRight, type GuardedGateway, startGuarded } from '../../support/guarded-gateway.ts';
import { newDataSet, revisionIdOf } from '../../support/publisher.ts';

type Parent = GraphQLInterfaceType | GraphQLObjectType;

const parents = Object.values(schema.getTypeMap()).filter(
  (type): type is Parent => (isObjectType(type) || isInterfaceType(type)) && !isIntrospectionType(type),
);

const fieldsOf = (type: Parent): GraphQLField<unknown, unknown>[] => Object.values(type.getFields());

interface Required {
  readonly scopes?: readonly Scope[];
  readonly anyScope?: readonly Scope[];
}

test('Every field requires a scope, and all scopes of its type and of its interfaces', () => {
  expect(parents.length).toBeGreaterThan(30);
  const scopesOf = ({ extensions }: Pick<Parent, 'extensions'>) => (extensions as Required).scopes ?? [];
  const alternativesOf = ({ extensions }: Pick<Parent, 'extensions'>) => (extensions as Required).anyScope ?? [];
  for (const type of parents) {
    const declaring = [type, ...type.getInterfaces()];
    for (const field of fieldsOf(type)) {
      expect(scopesOf(field).length + alternativesOf(field).length).toBeGreaterThan(0);
      expect(scopesOf(field)).toEqual(expect.arrayContaining(declaring.flatMap(scopesOf)));
      // A caller who has all the required scopes may have one of the alternatives by that.
      const alternatives = declaring.flatMap(alternativesOf);
      const isOneRequired = alternatives.some((scope) => scopesOf(field).includes(scope));
      if (!isOneRequired) expect(alternativesOf(field)).toEqual(expect.arrayContaining(alternatives));
    }
  }
});

test('Only what jobs and the catalog share is open to callers with the scope of either', () => {
  const shared = parents.flatMap((type) =>
    fieldsOf(type).flatMap((field) =>
      ((field.extensions as Required).anyScope ?? []).length > 0 ? `${type.name}.${field.name}` : [],
    ),
  );
  expect(shared.toSorted()).toEqual([
    'Gateway.backend',
    'Gateway.region',
    'Gateway.scopes',
    'Gateway.version',
    'Node.id',
    'PageInfo.endCursor',
    'PageInfo.hasNextPage',
    'PageInfo.hasPreviousPage',
    'PageInfo.startCursor',
    'Query.gateway',
    'Query.node',
    'Query.nodes',
    'UserError.awsCode',
    'UserError.code',
    'UserError.field',
    'UserError.message',
    'UserError.parameters',
    'UserErrorParameter.name',
    'UserErrorParameter.value',
  ]);
});

test('A schema with a field that requires no scope is not built', () => {
  expect(() => withGuardedFields(buildSchema('type Query { open: Int }'))).toThrow(
    'Query.open: expected a required scope, found none.',
  );
});

/** The table below says what a caller with each of them may read. */
const roles: Readonly<Record<string, readonly Scope[]>> = {
  none: [],
  reader: ['jobs:read'],
  writer: ['jobs:read', 'jobs:write'],
  secrets: ['jobs:read', 'jobs:secrets'],
  all: everyRight,
  'only-write': ['jobs:write'],
  'only-secrets': ['jobs:secrets'],
  'only-schema': ['schema:read'],
  catalog: ['catalog:read'],
  'jobs-and-catalog': ['jobs:read', 'catalog:read'],
  'only-publish': ['catalog:write'],
  publisher: ['catalog:read', 'catalog:write'],
};

const dataExchangeId = globalId('DataExchangeJob', demo.waitingJobId);
const importExportId = globalId('ImportExportJob', demo.expectedDeviceJobId);
const { importToS3 } = manifests;

/** Arguments for each root field. The first fields lead to most types. */
const samples: Readonly<Record<string, Record<string, unknown>>> = {
  'Query.gateway': {},
  'Query.jobs': { first: 50 },
  'Query.job': { id: dataExchangeId },
  'Query.jobByAwsId': { service: 'DATA_EXCHANGE', awsJobId: demo.waitingJobId },
  'Query.node': { id: importExportId },
  'Query.dataSets': { first: 5 },
  'Query.nodes': { ids: [dataExchangeId, importExportId] },
  'Query.shippingLabel': { input: { jobIds: [importExportId], sender: returnAddress } },
  'Mutation.createDataExchangeJob': { input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 } },
  'Mutation.createImportExportJob': { input: { manifest: { importToS3: importToS3.importToS3 }, validateOnly: true } },
  'Mutation.startDataExchangeJob': { id: dataExchangeId },
  'Mutation.updateImportExportJob': { id: importExportId, input: { manifest: importToS3, validateOnly: true } },
  'Mutation.cancelJob': { id: importExportId },
  'Mutation.cancelJobs': { ids: [dataExchangeId, importExportId] },
  'Mutation.repeatDataExchangeJob': { id: dataExchangeId },
  'Mutation.createDataSet': { input: newDataSet },
  'Mutation.createRevision': { input: { dataSetId: demo.dataSetId } },
  'Mutation.finalizeRevision': { id: revisionIdOf(demo.revisionId) },
  'Subscription.jobStateChanged': { ids: [globalId('DataExchangeJob', demo.waitingJobId)] },
  // An invalid cursor ends the stream with an error for every caller who may watch.
  'Subscription.jobActivity': { after: 'no cursor' },
};

interface Way {
  readonly coordinate: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** One operation for each field: from a root field, by the first path to its type. */
function waysThrough({ getQueryType, getMutationType, getSubscriptionType }: GraphQLSchema): Way[] {
  const ways: Way[] = [];
  const seen = new Set<string>();
  for (const [root, variables] of Object.entries(samples)) {
    const [typeName = '', fieldName = ''] = root.split('.');
    const type = [getQueryType, getMutationType, getSubscriptionType]
      .map((get) => get.call(schema))
      .find((each) => each?.name === typeName);
    const field = type?.getFields()[fieldName];
    if (field === undefined) throw new Error(`expected the schema to have ${root}`);
    const declared = field.args.filter(({ name }) => name in variables);
    const inParentheses = (texts: readonly string[]) => (texts.length > 0 ? `(${texts.join()})` : '');
    const heading = `${typeName.toLowerCase()} ${inParentheses(declared.map(({ name, type: of }) => `$${name}: ${of}`))}`;
    const call = `${fieldName}${inParentheses(declared.map(({ name }) => `${name}: $${name}`))}`;
    const add = (coordinate: string, wrap: (selection: string) => string, target: GraphQLField<unknown, unknown>) => {
      const selection = isCompositeType(getNamedType(target.type)) ? '{ __typename }' : '';
      ways.push({ coordinate, query: `${heading} { ${wrap(selection)} }`, variables });
      return (inner: string) => wrap(`{ ${inner} }`);
    };
    walk(
      field,
      add(root, (selection) => `${call} ${selection}`, field),
      add,
      seen,
    );
  }
  return ways;
}

type Wrap = (inner: string) => string;
type Add = (coordinate: string, wrap: Wrap, target: GraphQLField<unknown, unknown>) => Wrap;

/** Breadth first, each type once; `within` puts a selection where the field's own selection belongs. */
function walk(start: GraphQLField<unknown, unknown>, begin: Wrap, add: Add, seen: Set<string>): void {
  const waiting: { readonly type: Parent; readonly within: Wrap }[] = [];
  const reach = (field: GraphQLField<unknown, unknown>, within: Wrap): void => {
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return;
    const concrete = isObjectType(type) ? [] : schema.getPossibleTypes(type);
    if (!('getFields' in type)) throw new Error(`expected no union, received ${type.name}`);
    waiting.push({ type, within });
    for (const each of concrete)
      waiting.push({ type: each, within: (inner) => within(`... on ${each.name} { ${inner} }`) });
  };
  reach(start, begin);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { type, within } = next;
    if (seen.has(type.name)) continue;
    seen.add(type.name);
    for (const field of fieldsOf(type)) {
      const wrap = (selection: string): string => within(`${field.name} ${selection}`);
      reach(field, add(`${type.name}.${field.name}`, wrap, field));
    }
  }
}

const ways = waysThrough(schema);

test('Every field can be reached', () => {
  const coordinates = parents.flatMap((type) => fieldsOf(type).map((field) => `${type.name}.${field.name}`));
  expect(ways.map(({ coordinate }) => coordinate).toSorted()).toEqual(coordinates.toSorted());
});

/** The response to a role. Errors other than FORBIDDEN do not matter here. */
async function answerTo(gateway: GuardedGateway, role: string, { coordinate, query, variables }: Way): Promise<string> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: query.startsWith('subscription') ? 'text/event-stream' : 'application/json',
      authorization: `Bearer ${gateway.tokenOf(role)}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  if (/GRAPHQL_VALIDATION|INTERNAL_SERVER|UNAUTHENTICATED|RATE_LIMITED/.test(text))
    throw new Error(`expected ${coordinate} to be answered to ${role}, received ${text}`);
  return text;
}

/** Creates a job of every type beside the demo jobs, so that every kind of details can be selected. */
async function createEveryKind(gateway: GuardedGateway): Promise<void> {
  const create =
    'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }';
  for (const details of Object.values(dataExchangeDetails)) {
    const { errors } = await gateway.askAs('all', create, { input: { details } });
    expect(errors).toBeUndefined();
  }
}

/** Coordinates by their type, such as `S3Object { bucket key }`. */
function listed(coordinates: readonly string[]): string[] {
  const types = new Map<string, string[]>();
  for (const coordinate of coordinates) {
    const [type = '', field = ''] = coordinate.split('.');
    types.set(type, [...(types.get(type) ?? []), field]);
  }
  return [...types].map(([type, fields]) => `  ${type} { ${fields.toSorted().join(' ')} }`).toSorted();
}

test('The running gateway answers each field to these roles and to no others', { timeout: 120_000 }, async () => {
  const gateway = await startGuarded(roles, { WAYBILL_MAX_COST: '1000000', WAYBILL_MAX_NODES: '1000000' });
  await createEveryKind(gateway);
  await gateway.emulator.move(demo.waitingJobId, { state: 'COMPLETED' });
  const table = new Map<string, string[]>();
  const unreached: string[] = [];
  // A signed URL lives for a minute.
  const isHasty = ({ coordinate }: Way): boolean => coordinate.startsWith('SignedUrl.');
  const answersTo = (way: Way) => Promise.all(Object.keys(roles).map((role) => answerTo(gateway, role, way)));
  const hasty = new Map<Way, string[]>();
  for (const way of ways.filter(isHasty)) hasty.set(way, await answersTo(way));
  for (const way of ways) {
    const answers = hasty.get(way) ?? (await answersTo(way));
    const who = Object.keys(roles).filter((_, index) => !answers[index]?.includes('"FORBIDDEN"'));
    table.set(who.join(', '), [...(table.get(who.join(', ')) ?? []), way.coordinate]);
    const isReached = answers[Object.keys(roles).indexOf('all')]?.includes(`"${way.coordinate.split('.')[1]}":`);
    if (isReached !== true) unreached.push(way.coordinate);
  }
  expect(gateway.complaints).toEqual([]);
  expect(
    [...table].map(([who, coordinates]) => [`${who}:`, ...listed(coordinates)].join('\n')).join('\n'),
  ).toMatchInlineSnapshot(`
    "reader, writer, secrets, all, catalog, jobs-and-catalog, publisher:
      Gateway { backend region scopes version }
      Query { gateway }
    reader, writer, secrets, all, jobs-and-catalog:
      ApiGatewayApi { apiId description name protocol stage }
      AssetDestination { assetId bucket key }
      CreateS3DataAccessFromS3BucketDetails { dataSetId revisionId source }
      DataExchangeJob { arn availableActions awsJobId createdAt details errors finishedAt history id isFinished service state stateCode statusMessage type typeCode updatedAt }
      DataExchangeJobDetails { dataSetId }
      DataExchangeJobError { assetName code hint limit message resource sources }
      ExceededLimit { name value }
      ExportAssetToSignedUrlDetails { assetId dataSetId revisionId }
      ExportAssetsToS3Details { dataSetId destinations encryption revisionId }
      ExportRevisionsToS3Details { dataSetId destinations encryption eventActionArn }
      FaultyResource { resourceId type }
      ImportAssetFromApiGatewayApiDetails { api dataSetId revisionId specificationMd5Hash }
      ImportAssetFromSignedUrlDetails { assetName dataSetId md5Hash revisionId }
      ImportAssetsFromLakeFormationTagPolicyDetails { catalogId dataSetId database revisionId roleArn table }
      ImportAssetsFromRedshiftDataSharesDetails { dataSetId dataShareArns revisionId }
      ImportAssetsFromS3Details { dataSetId revisionId sources }
      ImportExportJob { availableActions awsJobId createdAt device direction finishedAt history id isFinished progress service state statusMessage }
      ImportExportProgress { code errorCount log message }
      Job { availableActions awsJobId createdAt finishedAt history id isFinished service state statusMessage }
      JobConnection { activityCursor edges nodes pageInfo unavailableServices }
      JobEdge { cursor node }
      JobEvent { cursor observedAt }
      JobEventsMissed { cursor observedAt }
      JobGone { awsJobId cursor id observedAt service }
      JobStateChange { cursor isAnomalous job observedAt previousState state }
      JobTransition { observedAt previousState state }
      JobTransitionConnection { edges nodes pageInfo }
      JobTransitionEdge { cursor node }
      JobsFresh { cursor ids observedAt service }
      JobsStale { cursor ids observedAt service since }
      LakeFormationTag { key values }
      LakeFormationTagPolicy { expression permissions }
      Node { id }
      PageInfo { endCursor hasNextPage hasPreviousPage startCursor }
      Query { job jobByAwsId jobs node nodes }
      RevisionDestination { bucket keyPattern revisionId }
      S3DataAccessSource { bucket keyPrefixes keys kmsKeyArns }
      S3Object { bucket key }
      ServerSideEncryption { kmsKeyArn type }
      Shipment { carrier trackingNumber }
      StorageDevice { location locationCode message returnShipment }
      Subscription { jobActivity jobStateChanged }
      UnavailableService { code message retryAfterMs service }
    secrets, all:
      ExportAssetToSignedUrlDetails { download }
      ImportAssetFromApiGatewayApiDetails { specificationUpload }
      ImportAssetFromSignedUrlDetails { upload }
      ImportExportJob { artifacts manifest signature }
      JobArtifact { description url }
      JobSignature { fileContents value }
      Query { shippingLabel }
      ShippingLabel { url warning }
      ShippingLabelPayload { label userErrors }
      SignedUrl { expiresAt url }
      UserError { awsCode code field message parameters }
      UserErrorParameter { name value }
    all, jobs-and-catalog:
      Asset { arn assetType assetTypeCode awsAssetId createdAt dataSetId id name revision revisionId sizeBytes updatedAt }
      AssetConnection { edges nodes pageInfo }
      AssetDestination { asset }
      AssetEdge { cursor node }
      CreateS3DataAccessFromS3BucketDetails { dataSet revision }
      DataExchangeJobDetails { dataSet }
      DataSet { arn assetType assetTypeCode awsDataSetId createdAt description id jobs name origin originCode revisions updatedAt }
      ExportAssetToSignedUrlDetails { asset dataSet revision }
      ExportAssetsToS3Details { dataSet revision }
      ExportRevisionsToS3Details { dataSet }
      ImportAssetFromApiGatewayApiDetails { dataSet revision }
      ImportAssetFromSignedUrlDetails { dataSet revision }
      ImportAssetsFromLakeFormationTagPolicyDetails { dataSet revision }
      ImportAssetsFromRedshiftDataSharesDetails { dataSet revision }
      ImportAssetsFromS3Details { dataSet revision }
      Revision { arn assets awsRevisionId comment createdAt dataSet dataSetId id isFinalized isRevoked jobs revocationComment updatedAt }
      RevisionConnection { edges nodes pageInfo }
      RevisionDestination { revision }
      RevisionEdge { cursor node }
    all, catalog, jobs-and-catalog, publisher:
      DataSetConnection { edges nodes pageInfo }
      DataSetEdge { cursor node }
      Query { dataSets }
    writer, all:
      CancelJobPayload { job unavailableService userErrors }
      CancelJobsPayload { results }
      CreateDataExchangeJobPayload { job userErrors }
      CreateImportExportJobPayload { job userErrors warning }
      Mutation { cancelJob cancelJobs createDataExchangeJob createImportExportJob repeatDataExchangeJob startDataExchangeJob updateImportExportJob }
      StartDataExchangeJobPayload { job userErrors }
      UpdateImportExportJobPayload { job userErrors warning }
    all, publisher:
      CreateDataSetPayload { dataSet userErrors }
      CreateRevisionPayload { revision userErrors }
      FinalizeRevisionPayload { revision userErrors }
      Mutation { createDataSet createRevision finalizeRevision }"
  `);
  // The emulator's jobs have no values for these, so only the fields that lead to them were selected.
  expect(listed(unreached).join('\n')).toMatchInlineSnapshot(`
    "  ExceededLimit { name value }
      FaultyResource { resourceId type }
      JobArtifact { description url }
      JobEventsMissed { cursor observedAt }
      JobGone { awsJobId cursor id observedAt service }
      JobsFresh { cursor ids observedAt service }
      JobsStale { cursor ids observedAt service since }
      LakeFormationTag { key values }
      LakeFormationTagPolicy { expression permissions }
      Subscription { jobActivity }
      UnavailableService { code message retryAfterMs service }
      UserError { awsCode code field message parameters }
      UserErrorParameter { name value }"
  `);
});
