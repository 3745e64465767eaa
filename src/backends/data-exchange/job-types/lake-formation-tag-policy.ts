/** IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: databases and tables that carry certain tags. */
import type { DatabaseLFTagPolicyPermission, TableTagPolicyLFPermission } from '@aws-sdk/client-dataexchange';
import { z } from 'zod';
import type { LakeFormationTagPolicy } from '../../../model/data-exchange-job-types/lake-formation-tag-policy.ts';
import { sizes, textSize } from '../../../model/job-input-sizes.ts';
import { type Check, list, maybe, object, oneOf, wrongCount } from '../../input/checks.ts';
import { text as textOf } from '../../input/text-checks.ts';
import { indivisible } from '../../partial-read.ts';
import { anyText, requiredText } from '../constraints.ts';
import { orNull, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision, mapped } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

const catalogId = textOf({
  size: sizes.catalogId,
  pattern: /^[0-9]{12}$/,
  must: 'be the id of an AWS account, which has 12 digits',
});

/** Without the flag `s`, like the model's own pattern: the name of a role has no line break. */
const roleArn = textOf({
  size: { ...textSize, min: 1 },
  pattern: /^arn:aws:iam::[0-9]{12}:role\/.+$/,
  must: 'be arn:aws:iam::, 12 digits, :role/ and the name of a role',
});

function checkedPolicy(...permissions: readonly [string, ...string[]]) {
  const tag = object({ key: requiredText, values: list(anyText, sizes.tagValues) });
  return maybe(
    object({
      expression: list(tag, sizes.tags, valuesTogether),
      permissions: list(oneOf(...permissions), sizes.tagPermissions),
    }),
  );
}

/** Lists that are too long by themselves have their own fault. */
const valuesTogether: Check = (value, path, findings) => {
  const counts = (value as readonly { readonly values?: unknown }[]).map((tag) =>
    Array.isArray(tag?.values) ? tag.values.length : 0,
  );
  const count = counts.reduce((sum, each) => sum + each, 0);
  if (count <= sizes.tagValues.max || counts.some((each) => each > sizes.tagValues.max)) return;
  findings.add(path, wrongCount(count, sizes.tagValues, 'values of all '));
};

/** Asserts `Permission` without a check: `checkedPolicy` has refused all other values. */
function awsPolicyFrom<Permission extends string>({ expression, permissions }: LakeFormationTagPolicy) {
  return {
    Expression: expression.map(({ key, values }) => ({ TagKey: key, TagValues: [...values] })),
    Permissions: [...permissions] as Permission[],
  };
}

const tagPolicy = orNull(
  indivisible(
    z
      .object({
        Expression: z.array(z.object({ TagKey: z.string(), TagValues: z.array(z.string()) })),
        Permissions: z.array(z.string()),
      })
      .transform(
        ({ Expression, Permissions }): LakeFormationTagPolicy => ({
          expression: Expression.map(({ TagKey, TagValues }) => ({ key: TagKey, values: TagValues })),
          permissions: Permissions,
        }),
      ),
  ),
);

export const lakeFormationTagPolicy = jobType({
  branch: 'importAssetsFromLakeFormationTagPolicy',
  type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
  member: 'ImportAssetsFromLakeFormationTagPolicy',
  check: object({
    ...checkedRevision,
    catalogId,
    roleArn,
    database: checkedPolicy('DESCRIBE'),
    table: checkedPolicy('DESCRIBE', 'SELECT'),
  }),
  awsDetailsFrom: ({ catalogId, dataSetId, database, revisionId, roleArn, table }) => ({
    ImportAssetsFromLakeFormationTagPolicy: {
      CatalogId: catalogId,
      DataSetId: dataSetId,
      Database: mapped(database, awsPolicyFrom<DatabaseLFTagPolicyPermission>),
      RevisionId: revisionId,
      RoleArn: roleArn,
      Table: mapped(table, awsPolicyFrom<TableTagPolicyLFPermission>),
    },
  }),
  shape: { ...revision, CatalogId: text, RoleArn: text, Database: tagPolicy, Table: tagPolicy },
  detailsFrom: (members, { awsJobId }) => ({
    type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    catalogId: members.CatalogId,
    roleArn: members.RoleArn,
    database: members.Database,
    table: members.Table,
  }),
  sameWork: { ...repeatedRevision, catalogId: repeated, roleArn: repeated, database: optional, table: optional },
});
