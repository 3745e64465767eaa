/** Where Data Exchange jobs read from and write to. */
import type * as model from '../model/data-exchange-job.ts';
import { secretUrl } from '../resolvers/secret-url.ts';
import { builder } from './builder.ts';
import { reading, secret } from './rights.ts';

export const SignedUrl = builder.objectRef<model.SignedUrl>('SignedUrl').implement({
  authScopes: secret,
  description: 'A URL that is itself a credential. Needs the scope `jobs:secrets`; null once it has expired.',
  fields: (t) => ({
    url: t.string({
      description: 'The whole address, its signature included. Keep it out of logs.',
      resolve: secretUrl,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it stops working: as little as a minute after it was made.',
    }),
  }),
});

export const AssetDestination = builder.objectRef<model.AssetDestination>('AssetDestination').implement({
  authScopes: reading,
  description: 'Where one asset is copied to.',
  fields: (t) => ({
    assetId: t.exposeString('assetId', { description: 'The asset.' }),
    bucket: t.exposeString('bucket', { description: 'The bucket that receives it.' }),
    key: t.exposeString('key', { nullable: true, description: 'The key it gets. Null for the name of the asset.' }),
  }),
});

export const RevisionDestination = builder.objectRef<model.RevisionDestination>('RevisionDestination').implement({
  authScopes: reading,
  description: 'Where the assets of one revision are copied to.',
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { description: 'The revision.' }),
    bucket: t.exposeString('bucket', { description: 'The bucket that receives its assets.' }),
    keyPattern: t.exposeString('keyPattern', {
      nullable: true,
      description: `How each key is made, such as "in/\${Asset.Name}". Null for "\${Asset.Name}".`,
    }),
  }),
});

export const EncryptionType = builder.enumType('EncryptionType', {
  description: 'Who holds the key of an encrypted copy.',
  values: {
    AES256: { description: 'Amazon S3 (SSE-S3).' },
    AWS_KMS: { description: 'AWS Key Management Service (SSE-KMS): `kmsKeyArn` names the key.' },
  } as const,
});

export const ServerSideEncryption = builder.objectRef<model.ServerSideEncryption>('ServerSideEncryption').implement({
  authScopes: reading,
  description: 'How copies in S3 are encrypted.',
  fields: (t) => ({
    type: t.expose('type', { type: EncryptionType, description: 'Who holds the key.' }),
    kmsKeyArn: t.exposeString('kmsKeyArn', {
      nullable: true,
      description: 'The key in AWS KMS. Null unless `type` is `AWS_KMS`.',
    }),
  }),
});

export const ApiGatewayApi = builder.objectRef<model.ApiGatewayApi>('ApiGatewayApi').implement({
  authScopes: reading,
  description: 'An API of Amazon API Gateway.',
  fields: (t) => ({
    id: t.exposeString('id', {
      nullable: true,
      description: "API Gateway's identifier; not an `id` of this API. Null if the service left it out of its answer.",
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'What subscribers will see it called. Null if the service left it out of its answer.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'May hold Markdown. Null if none was given.',
    }),
    stage: t.exposeString('stage', {
      nullable: true,
      description: 'The stage that is published. Null if the service left it out of its answer.',
    }),
    protocol: t.exposeString('protocol', {
      nullable: true,
      description: "The service's word for its protocol: `REST`. Null if the service left it out of its answer.",
    }),
  }),
});

export const S3DataAccessSource = builder.objectRef<model.S3DataAccessSource>('S3DataAccessSource').implement({
  authScopes: reading,
  description: 'Objects to which access is published. With neither prefixes nor keys, the whole bucket.',
  fields: (t) => ({
    bucket: t.exposeString('bucket', { description: 'The bucket.' }),
    keyPrefixes: t.exposeStringList('keyPrefixes', { description: 'Every object whose key starts with one of these.' }),
    keys: t.exposeStringList('keys', { description: 'These objects.' }),
    kmsKeyArns: t.exposeStringList('kmsKeyArns', { description: 'The KMS keys that the objects are encrypted with.' }),
  }),
});

const LakeFormationTag = builder.objectRef<model.LakeFormationTag>('LakeFormationTag').implement({
  authScopes: reading,
  description: 'A tag of AWS Lake Formation that a resource must carry.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key of the tag.' }),
    values: t.exposeStringList('values', { description: 'Any one of these values fits.' }),
  }),
});

export const LakeFormationTagPolicy = builder
  .objectRef<model.LakeFormationTagPolicy>('LakeFormationTagPolicy')
  .implement({
    authScopes: reading,
    description: 'Which resources are shared, and for what.',
    fields: (t) => ({
      expression: t.expose('expression', {
        type: [LakeFormationTag],
        description: 'Resources that carry all these tags.',
      }),
      permissions: t.exposeStringList('permissions', {
        description: "What is granted, in the service's words, such as `DESCRIBE`.",
      }),
    }),
  });
