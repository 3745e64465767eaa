/** IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY. */
import { z } from 'zod';
import type { NewAsset } from '../catalog.ts';
import { concurrentJobsTo, filledText, revision } from './forms.ts';
import { jobType } from './job-type.ts';

const catalogId = z.string().regex(/^[0-9]{12}$/, 'must be 12 digits');
const roleArn = z.string().regex(/^arn:aws:iam::[0-9]{12}:role\/.+$/, 'must be the ARN of an IAM role');
const tagExpression = z.array(z.object({ TagKey: filledText, TagValues: z.array(z.string()).min(1) })).min(1);

const form = z.object({
  ...revision,
  CatalogId: catalogId,
  RoleArn: roleArn,
  Database: z.object({ Expression: tagExpression, Permissions: z.array(z.enum(['DESCRIBE'])).min(1) }).optional(),
  Table: z
    .object({ Expression: tagExpression, Permissions: z.array(z.enum(['DESCRIBE', 'SELECT'])).min(1) })
    .optional(),
});

export const lakeFormationTagPolicy = jobType({
  type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
  member: 'ImportAssetsFromLakeFormationTagPolicy',
  form,
  concurrency: { name: `${concurrentJobsTo} import assets from an AWS Lake Formation tag policy`, value: 5 },
  work: (details) => ({ assets: assetsFrom(details) }),
});

/** One asset for the databases and one for the tables. */
function assetsFrom({ CatalogId, RoleArn, Database, Table }: z.output<typeof form>): readonly NewAsset[] {
  const resources = { DATABASE: Database, TABLE: Table };
  return Object.entries(resources).flatMap(([ResourceType, resource]) => {
    if (resource === undefined) return [];
    const ResourceDetails = { [capitalised(ResourceType)]: resource };
    const asset = {
      LakeFormationDataPermissionDetails: { LFTagPolicy: { CatalogId, ResourceType, ResourceDetails } },
      LakeFormationDataPermissionType: 'LFTagPolicy',
      Permissions: resource.Permissions,
      RoleArn,
    };
    const details = { LakeFormationDataPermissionAsset: asset };
    return [{ name: `${CatalogId} ${ResourceType}`, type: 'LAKE_FORMATION_DATA_PERMISSION', details }];
  });
}

function capitalised(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}
