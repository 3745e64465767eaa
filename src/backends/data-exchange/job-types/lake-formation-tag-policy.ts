/** IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: databases and tables that carry certain tags. */
import type { DatabaseLFTagPolicyPermission, TableTagPolicyLFPermission } from '@aws-sdk/client-dataexchange';
import { z } from 'zod';
import type { LakeFormationTagPolicy } from '../../../model/data-exchange-job.ts';
import { fits, rangeOf, sizes } from '../../../model/job-input-sizes.ts';
import { anyText, catalogId, listOf, oneOf, requiredText, roleArn } from '../constraints.ts';
import { revision, tagPolicy, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision, mapped } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

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

/** `Permission` is asserted, not checked: `checkedPolicy` has let nothing else pass. */
function policyFor<Permission extends string>({ expression, permissions }: LakeFormationTagPolicy) {
  return {
    Expression: expression.map(({ key, values }) => ({ TagKey: key, TagValues: [...values] })),
    Permissions: [...permissions] as Permission[],
  };
}

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
  detailsFor: ({ catalogId, dataSetId, database, revisionId, roleArn, table }) => ({
    ImportAssetsFromLakeFormationTagPolicy: {
      CatalogId: catalogId,
      DataSetId: dataSetId,
      Database: mapped(database, policyFor<DatabaseLFTagPolicyPermission>),
      RevisionId: revisionId,
      RoleArn: roleArn,
      Table: mapped(table, policyFor<TableTagPolicyLFPermission>),
    },
  }),
  shape: { ...revision, CatalogId: text, RoleArn: text, Database: tagPolicy, Table: tagPolicy },
  detailsFrom: (given, { awsJobId }) => ({
    type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
    awsJobId,
    dataSetId: given.DataSetId,
    revisionId: given.RevisionId,
    catalogId: given.CatalogId,
    roleArn: given.RoleArn,
    database: given.Database,
    table: given.Table,
  }),
  sameWork: { ...repeatedRevision, catalogId: repeated, roleArn: repeated, database: optional, table: optional },
});
