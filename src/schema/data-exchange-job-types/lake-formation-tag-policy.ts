/** IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/lake-formation-tag-policy.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails, importedInto } from './details.ts';
import { importFields } from './inputs.ts';
import { revisionLink } from './links.ts';

const LakeFormationTagInput = builder.inputType('LakeFormationTagInput', {
  description: 'A tag of AWS Lake Formation that a resource must carry.',
  fields: (t) => ({
    key: t.string({ description: 'The key of the tag.' }),
    values: t.stringList(
      sized(sizes.tagValues, (range) => `Any one of these values fits: ${range}, of all tags of a policy together.`),
    ),
  }),
});

const LakeFormationTagPolicyInput = builder.inputType('LakeFormationTagPolicyInput', {
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

const LakeFormationTag = builder.objectRef<model.LakeFormationTag>('LakeFormationTag').implement({
  extensions: reading,
  description: 'A tag of AWS Lake Formation that a resource must carry.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key of the tag.' }),
    values: t.exposeStringList('values', { description: 'Any one of these values fits.' }),
  }),
});

const LakeFormationTagPolicy = builder.objectRef<model.LakeFormationTagPolicy>('LakeFormationTagPolicy').implement({
  extensions: reading,
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

const Details = builder
  .objectRef<model.ImportAssetsFromLakeFormationTagPolicyDetails>('ImportAssetsFromLakeFormationTagPolicyDetails')
  .implement({
    extensions: reading,
    description: 'An import of permissions that AWS Lake Formation grants by tags.',
    interfaces: [DataExchangeJobDetails],
    fields: (t) => ({
      revisionId: t.exposeString('revisionId', importedInto),
      revision: t.field(revisionLink),
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

export const lakeFormationTagPolicy = {
  value: { description: 'Imports permissions that AWS Lake Formation grants by tags into a revision.' },
  input: {
    type: ImportAssetsFromLakeFormationTagPolicyInput,
    required: false,
    description: 'Import permissions of AWS Lake Formation.',
  },
  details: Details,
} as const;
