/** Where a new Data Exchange job is to read from and write to. */
import { sizes } from '../model/job-input-sizes.ts';
import { builder } from './builder.ts';
import { EncryptionType } from './data-exchange-places.ts';
import { sized } from './sized.ts';

export const S3ObjectInput = builder.inputType('S3ObjectInput', {
  description: 'An object in Amazon S3.',
  fields: (t) => ({
    bucket: t.string(sized(sizes.bucket, (range) => `The name of the bucket: ${range}.`)),
    key: t.string(sized(sizes.objectKey, (range) => `The whole key within the bucket: ${range}.`)),
  }),
});

export const AssetDestinationInput = builder.inputType('AssetDestinationInput', {
  description: 'Where one asset is to be copied to.',
  fields: (t) => ({
    assetId: t.string({ description: 'The asset.' }),
    bucket: t.string(sized(sizes.bucket, (range) => `The bucket that receives it: ${range}.`)),
    key: t.string({
      required: false,
      ...sized(sizes.objectKey, (range) => `The key it gets: ${range}. Absent for the name of the asset.`),
    }),
  }),
});

export const RevisionDestinationInput = builder.inputType('RevisionDestinationInput', {
  description: 'Where the assets of one revision are to be copied to.',
  fields: (t) => ({
    revisionId: t.string({ description: 'The revision.' }),
    bucket: t.string(sized(sizes.bucket, (range) => `The bucket that receives its assets: ${range}.`)),
    keyPattern: t.string({
      required: false,
      description: `How each key is made: with "\${Asset.Name}" or "\${Asset.Id}", so that no two are the same. Absent for "\${Asset.Name}".`,
    }),
  }),
});

export const ServerSideEncryptionInput = builder.inputType('ServerSideEncryptionInput', {
  description: 'How copies in S3 are to be encrypted.',
  fields: (t) => ({
    type: t.field({ type: EncryptionType, description: 'Who holds the key.' }),
    kmsKeyArn: t.string({
      required: false,
      ...sized(sizes.kmsKeyArn, (range) => `The key in AWS KMS: ${range}. Needed where \`type\` is \`AWS_KMS\`.`),
    }),
  }),
});

const LakeFormationTagInput = builder.inputType('LakeFormationTagInput', {
  description: 'A tag of AWS Lake Formation that a resource must carry.',
  fields: (t) => ({
    key: t.string({ description: 'The key of the tag.' }),
    values: t.stringList(
      sized(sizes.tagValues, (range) => `Any one of these values fits: ${range}, of all tags of a policy together.`),
    ),
  }),
});

export const LakeFormationTagPolicyInput = builder.inputType('LakeFormationTagPolicyInput', {
  description: 'Which resources to share, and for what.',
  fields: (t) => ({
    expression: t.field({
      type: [LakeFormationTagInput],
      ...sized(sizes.tags, (range) => `Resources that carry all these tags: ${range}.`),
    }),
    permissions: t.stringList({
      ...sized(
        sizes.tagPermissions,
        (range) => `What is granted, in the service's words: \`DESCRIBE\`, and for tables also \`SELECT\`: ${range}.`,
      ),
    }),
  }),
});
