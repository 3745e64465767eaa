/** The encryption of an export to S3. */
import type * as model from '../../model/data-exchange-job-types/parts.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';

const EncryptionType = builder.enumType('EncryptionType', {
  description: 'Who holds the key of an encrypted copy.',
  values: {
    AES256: { description: 'Amazon S3 (SSE-S3).' },
    AWS_KMS: { description: 'AWS Key Management Service (SSE-KMS): `kmsKeyArn` names the key.' },
  } as const,
});

const ServerSideEncryptionInput = builder.inputType('ServerSideEncryptionInput', {
  description: 'How copies in S3 are to be encrypted.',
  fields: (t) => ({
    type: t.field({ type: EncryptionType, description: 'Who holds the key.' }),
    kmsKeyArn: t.string({
      required: false,
      ...sized(sizes.kmsKeyArn, (range) => `The key in AWS KMS: ${range}. Needed where \`type\` is \`AWS_KMS\`.`),
    }),
  }),
});

const ServerSideEncryption = builder.objectRef<model.ServerSideEncryption>('ServerSideEncryption').implement({
  extensions: reading,
  description: 'How copies in S3 are encrypted.',
  fields: (t) => ({
    type: t.expose('type', { type: EncryptionType, description: 'Who holds the key.' }),
    kmsKeyArn: t.exposeString('kmsKeyArn', {
      nullable: true,
      description: 'The key in AWS KMS. Null unless `type` is `AWS_KMS`.',
    }),
  }),
});

/** The options of `encryption` in an input. */
export const encryptionInput = {
  type: ServerSideEncryptionInput,
  required: false,
  description: "How the copies are encrypted. Absent for the bucket's own default.",
} as const;

/** The options of `encryption` in the details. */
export const encryptedWith = {
  type: ServerSideEncryption,
  nullable: true,
  description: "How the copies are encrypted. Null for the bucket's own default.",
} as const;
