/** What can be asked of AWS Data Exchange: one input for each type of job. */

import type { InputFieldBuilder } from '@pothos/core';
import { sizes } from '../model/job-input-sizes.ts';
import { builder } from './builder.ts';
import {
  AssetDestinationInput,
  LakeFormationTagPolicyInput,
  RevisionDestinationInput,
  S3ObjectInput,
  ServerSideEncryptionInput,
} from './data-exchange-place-inputs.ts';
import { sized } from './sized.ts';

type InputFields = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** An import adds to one revision. */
function importFields(t: InputFields) {
  return {
    dataSetId: t.string({ description: 'The data set to add to. You must own it.' }),
    revisionId: t.string({ description: 'Its revision to add to, not finalized yet.' }),
  };
}

/** An export of assets reads from one revision. */
function exportFields(t: InputFields) {
  return {
    dataSetId: t.string({ description: 'The data set to read from, owned or subscribed to.' }),
    revisionId: t.string({ description: 'Its revision to read from.' }),
  };
}

const encryptedWith = "How the copies are encrypted. Absent for the bucket's own default.";

const ImportAssetsFromS3Input = builder.inputType('ImportAssetsFromS3Input', {
  description: 'Import objects from S3.',
  fields: (t) => ({
    ...importFields(t),
    sources: t.field({
      type: [S3ObjectInput],
      ...sized(sizes.sources, (range) => `The objects: ${range}. Each becomes an asset named after its key.`),
    }),
  }),
});

const ImportAssetFromSignedUrlInput = builder.inputType('ImportAssetFromSignedUrlInput', {
  description: 'Import one file that you upload: create the job, PUT the file to its `upload`, then start it.',
  fields: (t) => ({
    ...importFields(t),
    assetName: t.string(sized(sizes.assetName, (range) => `What the new asset is called: ${range}.`)),
    md5Hash: t.string(sized(sizes.md5Hash, (range) => `Base64 of the MD5 of the file: ${range}.`)),
  }),
});

const ExportAssetsToS3Input = builder.inputType('ExportAssetsToS3Input', {
  description: 'Export chosen assets to S3. Objects already there are overwritten.',
  fields: (t) => ({
    ...exportFields(t),
    destinations: t.field({
      type: [AssetDestinationInput],
      ...sized(sizes.destinations, (range) => `Where each asset goes: ${range}.`),
    }),
    encryption: t.field({ type: ServerSideEncryptionInput, required: false, description: encryptedWith }),
  }),
});

const ExportAssetToSignedUrlInput = builder.inputType('ExportAssetToSignedUrlInput', {
  description: 'Export one asset that you download: start the job, and once it has completed GET its `download`.',
  fields: (t) => ({
    ...exportFields(t),
    assetId: t.string({ description: 'The asset.' }),
  }),
});

const ExportRevisionsToS3Input = builder.inputType('ExportRevisionsToS3Input', {
  description: 'Export a whole revision to S3. Objects already there are overwritten.',
  fields: (t) => ({
    dataSetId: t.string({ description: 'The data set to read from, owned or subscribed to.' }),
    destinations: t.field({
      type: [RevisionDestinationInput],
      ...sized(sizes.revisions, (range) => `Where the revision goes: ${range}.`),
    }),
    encryption: t.field({ type: ServerSideEncryptionInput, required: false, description: encryptedWith }),
  }),
});

const ImportAssetsFromRedshiftDataSharesInput = builder.inputType('ImportAssetsFromRedshiftDataSharesInput', {
  description: 'Import Amazon Redshift datashares.',
  fields: (t) => ({
    ...importFields(t),
    dataShareArns: t.stringList(sized(sizes.dataShares, (range) => `The datashares: ${range}.`)),
  }),
});

const ImportAssetFromApiGatewayApiInput = builder.inputType('ImportAssetFromApiGatewayApiInput', {
  description:
    'Import an API of Amazon API Gateway: create the job, PUT the specification to its `specificationUpload`, then start it.',
  fields: (t) => ({
    ...importFields(t),
    apiId: t.string({ description: "API Gateway's identifier of the API." }),
    apiName: t.string({ description: 'What subscribers will see it called.' }),
    apiDescription: t.string({
      required: false,
      ...sized(sizes.apiDescription, (range) => `What subscribers will read of it. May hold Markdown, ${range}.`),
    }),
    apiKey: t.string({ required: false, description: 'The key that the API asks for, if it does. Never read back.' }),
    specificationMd5Hash: t.string(
      sized(sizes.md5Hash, (range) => `Base64 of the MD5 of its OpenAPI 3.0 specification, as JSON: ${range}.`),
    ),
    stage: t.string({ description: 'The stage to publish.' }),
  }),
});

const CreateS3DataAccessFromS3BucketInput = builder.inputType('CreateS3DataAccessFromS3BucketInput', {
  description:
    'Publish access to objects that stay where they are. With neither prefixes nor keys, to the whole bucket.',
  fields: (t) => ({
    ...importFields(t),
    bucket: t.string(sized(sizes.bucket, (range) => `The bucket: ${range}.`)),
    keyPrefixes: t.stringList({
      required: false,
      ...sized(sizes.objectKeys, (range) => `Every object whose key starts with one of these: ${range}.`),
    }),
    keys: t.stringList({ required: false, ...sized(sizes.objectKeys, (range) => `These objects: ${range}.`) }),
    kmsKeyArns: t.stringList({
      required: false,
      ...sized(sizes.kmsKeys, (range) => `The KMS keys that the objects are encrypted with: ${range}, if any.`),
    }),
  }),
});

const ImportAssetsFromLakeFormationTagPolicyInput = builder.inputType('ImportAssetsFromLakeFormationTagPolicyInput', {
  description: 'Import permissions that AWS Lake Formation grants by tags.',
  fields: (t) => ({
    ...importFields(t),
    catalogId: t.string(
      sized(sizes.catalogId, (range) => `The AWS account whose Glue Data Catalog it is: ${range}, each a digit.`),
    ),
    roleArn: t.string({ description: 'The IAM role that lets Data Exchange grant the permissions.' }),
    database: t.field({ type: LakeFormationTagPolicyInput, required: false, description: 'Which databases to share.' }),
    table: t.field({ type: LakeFormationTagPolicyInput, required: false, description: 'Which tables to share.' }),
  }),
});

export const DataExchangeJobDetailsInput = builder.inputType('DataExchangeJobDetailsInput', {
  description: 'What the job is to do. Exactly one field is set.',
  isOneOf: true,
  fields: (t) => ({
    createS3DataAccessFromS3Bucket: t.field({
      type: CreateS3DataAccessFromS3BucketInput,
      required: false,
      description: 'Publish access to objects in S3.',
    }),
    exportAssetToSignedUrl: t.field({
      type: ExportAssetToSignedUrlInput,
      required: false,
      description: 'Download one asset.',
    }),
    exportAssetsToS3: t.field({ type: ExportAssetsToS3Input, required: false, description: 'Copy assets to S3.' }),
    exportRevisionsToS3: t.field({
      type: ExportRevisionsToS3Input,
      required: false,
      description: 'Copy a whole revision to S3.',
    }),
    importAssetFromApiGatewayApi: t.field({
      type: ImportAssetFromApiGatewayApiInput,
      required: false,
      description: 'Publish an API.',
    }),
    importAssetFromSignedUrl: t.field({
      type: ImportAssetFromSignedUrlInput,
      required: false,
      description: 'Upload one file.',
    }),
    importAssetsFromLakeFormationTagPolicy: t.field({
      type: ImportAssetsFromLakeFormationTagPolicyInput,
      required: false,
      description: 'Publish permissions of AWS Lake Formation.',
    }),
    importAssetsFromRedshiftDataShares: t.field({
      type: ImportAssetsFromRedshiftDataSharesInput,
      required: false,
      description: 'Publish Amazon Redshift datashares.',
    }),
    importAssetsFromS3: t.field({
      type: ImportAssetsFromS3Input,
      required: false,
      description: 'Copy objects from S3.',
    }),
  }),
});
