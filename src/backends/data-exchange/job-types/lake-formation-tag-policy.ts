/** IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: databases and tables that carry certain tags. */
import type { DatabaseLFTagPolicyPermission, TableTagPolicyLFPermission } from '@aws-sdk/client-dataexchange';
import { z } from 'zod';
import type { LakeFormationTagPolicy } from '../../../model/data-exchange-job-types/lake-formation-tag-policy.ts';
import { fits, rangeOf, sizes, textSize } from '../../../model/job-input-sizes.ts';
import { indivisible } from '../../partial-read.ts';
import { anyText, listOf, oneOf, requiredText, textOf } from '../constraints.ts';
import { orNull, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision, mapped } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

const catalogId = textOf({
  expected: 'exactly 12 ASCII digits',
  size: sizes.catalogId,
  isValid: (value) => /^[0-9]+$/.test(value),
});

/** Without the flag `s`, like the model's own pattern: the name of a role has no line break. */
const roleArn = textOf({
  size: textSize,
  expected: 'arn:aws:iam::, 12 digits, :role/ and the name of a role',
  isValid: (value) => /^arn:aws:iam::[0-9]{12}:role\/.+$/.test(value),
});

function checkedPolicy(...permissions: readonly [string, ...string[]]) {
  return z
    .object({
      expression: listOf(z.object({ key: requiredText, values: listOf(anyText, sizes.tagValues) }), sizes.tags),
      permissions: listOf(oneOf(...permissions), sizes.tagPermissions),
    })
    .refine(({ expression }) => fits(expression.flatMap(({ values }) => values).length, sizes.tagValues), {
      path: ['expression'],
      error: `expected ${rangeOf(sizes.tagValues)} values of all tags together, received more`,
    })
    .nullish();
}

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
  check: z.object({
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
