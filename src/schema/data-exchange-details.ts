/** What each type of Data Exchange job moves, and where. */
import type * as model from '../model/data-exchange-job.ts';
import { detailsTypeName, signedUrl } from '../resolvers/data-exchange-details.ts';
import { builder } from './builder.ts';
import {
  ApiGatewayApi,
  AssetDestination,
  LakeFormationTagPolicy,
  RevisionDestination,
  S3DataAccessSource,
  ServerSideEncryption,
  SignedUrl,
} from './data-exchange-places.ts';
import { oneCall } from './price.ts';
import { reading, secret } from './rights.ts';
import { S3Object } from './s3-object.ts';

export const DataExchangeJobDetails = builder
  .interfaceRef<model.DataExchangeJobDetails>('DataExchangeJobDetails')
  .implement({
    authScopes: reading,
    description:
      'What a Data Exchange job does. One type per job type. What the service answered in a form that cannot be read counts as left out.',
    resolveType: detailsTypeName,
    fields: (t) => ({
      dataSetId: t.exposeString('dataSetId', {
        nullable: true,
        description: 'The data set the job reads from or writes to. Null if the service left it out of its answer.',
      }),
    }),
  });

const importedInto =
  'The revision that the job adds to. The service does not say which assets it made there. Null if the service left it out of its answer.';
const exportedFrom = 'The revision that the job reads from. Null if the service left it out of its answer.';
const encryptedWith = "How the copies are encrypted. Null for the bucket's own default.";

builder.objectRef<model.ImportAssetsFromS3Details>('ImportAssetsFromS3Details').implement({
  authScopes: reading,
  description: 'An import of objects from S3.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { nullable: true, description: importedInto }),
    sources: t.expose('sources', {
      type: [S3Object],
      nullable: { list: true, items: true },
      description:
        'The objects to import. Each becomes an asset named after its key. Null if the service left them out of its answer; one is null if it cannot be read there.',
    }),
  }),
});

builder.objectRef<model.ImportAssetFromSignedUrlDetails>('ImportAssetFromSignedUrlDetails').implement({
  authScopes: reading,
  description: 'An import of one file that the caller uploads. Upload first, start then.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { nullable: true, description: importedInto }),
    assetName: t.exposeString('assetName', {
      nullable: true,
      description: 'What the new asset is called. Null if the service left it out of its answer.',
    }),
    md5Hash: t.exposeString('md5Hash', {
      nullable: true,
      description: 'Base64 of the MD5 of the file, to send as `Content-MD5`. Null if the service does not repeat it.',
    }),
    upload: t.field({
      extensions: oneCall,
      authScopes: secret,
      type: SignedUrl,
      nullable: true,
      description:
        'Where to PUT the asset. Null once it has expired or the service stops returning it. Costs one read unless the job was created just now.',
      resolve: signedUrl,
    }),
  }),
});

builder.objectRef<model.ExportAssetsToS3Details>('ExportAssetsToS3Details').implement({
  authScopes: reading,
  description: 'An export of chosen assets to S3.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { nullable: true, description: exportedFrom }),
    destinations: t.expose('destinations', {
      type: [AssetDestination],
      nullable: { list: true, items: true },
      description:
        'Where each asset goes. Null if the service left them out of its answer; one is null if it cannot be read there.',
    }),
    encryption: t.expose('encryption', { type: ServerSideEncryption, nullable: true, description: encryptedWith }),
  }),
});

builder.objectRef<model.ExportAssetToSignedUrlDetails>('ExportAssetToSignedUrlDetails').implement({
  authScopes: reading,
  description: 'An export of one asset that the caller downloads.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { nullable: true, description: exportedFrom }),
    assetId: t.exposeString('assetId', {
      nullable: true,
      description: 'The asset to download. Null if the service left it out of its answer.',
    }),
    download: t.field({
      extensions: oneCall,
      authScopes: secret,
      type: SignedUrl,
      nullable: true,
      description:
        'Where to GET the asset; use it at once, for it may live one minute. Null until the job has completed, and once it has expired. Costs one read.',
      resolve: signedUrl,
    }),
  }),
});

builder.objectRef<model.ExportRevisionsToS3Details>('ExportRevisionsToS3Details').implement({
  authScopes: reading,
  description: 'An export of whole revisions to S3.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    destinations: t.expose('destinations', {
      type: [RevisionDestination],
      nullable: { list: true, items: true },
      description:
        'Where each revision goes. Null if the service left them out of its answer; one is null if it cannot be read there.',
    }),
    encryption: t.expose('encryption', { type: ServerSideEncryption, nullable: true, description: encryptedWith }),
    eventActionArn: t.exposeString('eventActionArn', {
      nullable: true,
      description: 'The event action that started the job. Null if a caller did.',
    }),
  }),
});

builder
  .objectRef<model.ImportAssetsFromRedshiftDataSharesDetails>('ImportAssetsFromRedshiftDataSharesDetails')
  .implement({
    authScopes: reading,
    description: 'An import of Amazon Redshift datashares.',
    interfaces: [DataExchangeJobDetails],
    fields: (t) => ({
      revisionId: t.exposeString('revisionId', { nullable: true, description: importedInto }),
      dataShareArns: t.exposeStringList('dataShareArns', {
        nullable: { list: true, items: true },
        description:
          'The datashares to publish. Null if the service left them out of its answer; one is null if it cannot be read there.',
      }),
    }),
  });

builder.objectRef<model.ImportAssetFromApiGatewayApiDetails>('ImportAssetFromApiGatewayApiDetails').implement({
  authScopes: reading,
  description: 'An import of an API of Amazon API Gateway. Upload its specification first, start then.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { nullable: true, description: importedInto }),
    api: t.expose('api', { type: ApiGatewayApi, description: 'The API to publish.' }),
    specificationMd5Hash: t.exposeString('specificationMd5Hash', {
      nullable: true,
      description:
        'Base64 of the MD5 of the specification, to send as `Content-MD5`. Null if the service left it out of its answer.',
    }),
    specificationUpload: t.field({
      extensions: oneCall,
      authScopes: secret,
      type: SignedUrl,
      nullable: true,
      description:
        'Where to PUT the OpenAPI 3.0 specification, as JSON. Null once it has expired. Costs one read unless the job was created just now.',
      resolve: signedUrl,
    }),
  }),
});

builder.objectRef<model.CreateS3DataAccessFromS3BucketDetails>('CreateS3DataAccessFromS3BucketDetails').implement({
  authScopes: reading,
  description: 'Access to objects that stay where they are in S3.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { nullable: true, description: importedInto }),
    source: t.expose('source', {
      type: S3DataAccessSource,
      nullable: true,
      description: 'What subscribers will be able to read. Null if the service left it out of its answer.',
    }),
  }),
});

builder
  .objectRef<model.ImportAssetsFromLakeFormationTagPolicyDetails>('ImportAssetsFromLakeFormationTagPolicyDetails')
  .implement({
    authScopes: reading,
    description: 'An import of permissions that AWS Lake Formation grants by tags.',
    interfaces: [DataExchangeJobDetails],
    fields: (t) => ({
      revisionId: t.exposeString('revisionId', { nullable: true, description: importedInto }),
      catalogId: t.exposeString('catalogId', {
        nullable: true,
        description: 'The AWS account whose Glue Data Catalog it is. Null if the service left it out of its answer.',
      }),
      roleArn: t.exposeString('roleArn', {
        nullable: true,
        description:
          'The IAM role that lets Data Exchange grant the permissions. Null if the service left it out of its answer.',
      }),
      database: t.expose('database', {
        type: LakeFormationTagPolicy,
        nullable: true,
        description: 'Which databases are shared. Null if none are.',
      }),
      table: t.expose('table', {
        type: LakeFormationTagPolicy,
        nullable: true,
        description: 'Which tables are shared. Null if none are.',
      }),
    }),
  });
