/** Checks the changes since the last release that could break a client: each is accepted here, with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/index.ts';

interface AcceptedChanges {
  readonly reason: string;
  /** As the test prints them. */
  readonly changes: readonly string[];
}

/** Emptied at a release, which moves the released schema. */
const accepted: readonly AcceptedChanges[] = [
  {
    reason:
      'Where an error without data came, Relay and Apollo Client 3 ended the subscription: what ends nothing became an event.',
    changes: [
      "Field 'Subscription.jobActivity' changed type from 'JobStateChange!' to 'JobEvent!'",
      "Field 'Subscription.jobStateChanged' changed type from 'JobStateChange!' to 'JobEvent!'",
    ],
  },
  {
    reason:
      'An error beside the page made Apollo Client throw the jobs of the other service away, so the reason is data.',
    changes: [
      "Field 'JobConnection.unavailableServices' changed type from '[JobService!]!' to '[UnavailableService!]!'",
    ],
  },
  {
    reason: 'Normalised caches take `id` for an identity, and two jobs showed one API or one resource.',
    changes: [
      "Field 'id' was removed from object type 'ApiGatewayApi'",
      "Field 'id' was removed from object type 'FaultyResource'",
    ],
  },
  {
    reason: 'Documented replies of the service leave it out, or have it in a form that cannot be read.',
    changes: [
      "Field 'ApiGatewayApi.name' changed type from 'String!' to 'String'",
      "Field 'ApiGatewayApi.protocol' changed type from 'String!' to 'String'",
      "Field 'ApiGatewayApi.stage' changed type from 'String!' to 'String'",
      "Field 'CreateS3DataAccessFromS3BucketDetails.dataSetId' changed type from 'String!' to 'String'",
      "Field 'CreateS3DataAccessFromS3BucketDetails.revisionId' changed type from 'String!' to 'String'",
      "Field 'CreateS3DataAccessFromS3BucketDetails.source' changed type from 'S3DataAccessSource!' to 'S3DataAccessSource'",
      "Field 'DataExchangeJob.arn' changed type from 'String!' to 'String'",
      "Field 'DataExchangeJobDetails.dataSetId' changed type from 'String!' to 'String'",
      "Field 'DataExchangeJobError.code' changed type from 'String!' to 'String'",
      "Field 'DataExchangeJobError.sources' changed type from '[S3Object!]!' to '[S3Object]!'",
      "Field 'ExportAssetToSignedUrlDetails.assetId' changed type from 'String!' to 'String'",
      "Field 'ExportAssetToSignedUrlDetails.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ExportAssetToSignedUrlDetails.revisionId' changed type from 'String!' to 'String'",
      "Field 'ExportAssetsToS3Details.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ExportAssetsToS3Details.destinations' changed type from '[AssetDestination!]!' to '[AssetDestination]'",
      "Field 'ExportAssetsToS3Details.revisionId' changed type from 'String!' to 'String'",
      "Field 'ExportRevisionsToS3Details.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ExportRevisionsToS3Details.destinations' changed type from '[RevisionDestination!]!' to '[RevisionDestination]'",
      "Field 'ImportAssetFromApiGatewayApiDetails.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetFromApiGatewayApiDetails.revisionId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetFromApiGatewayApiDetails.specificationMd5Hash' changed type from 'String!' to 'String'",
      "Field 'ImportAssetFromSignedUrlDetails.assetName' changed type from 'String!' to 'String'",
      "Field 'ImportAssetFromSignedUrlDetails.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetFromSignedUrlDetails.revisionId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromLakeFormationTagPolicyDetails.catalogId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromLakeFormationTagPolicyDetails.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromLakeFormationTagPolicyDetails.revisionId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromLakeFormationTagPolicyDetails.roleArn' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromRedshiftDataSharesDetails.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromRedshiftDataSharesDetails.dataShareArns' changed type from '[String!]!' to '[String]'",
      "Field 'ImportAssetsFromRedshiftDataSharesDetails.revisionId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromS3Details.dataSetId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromS3Details.revisionId' changed type from 'String!' to 'String'",
      "Field 'ImportAssetsFromS3Details.sources' changed type from '[S3Object!]!' to '[S3Object]'",
    ],
  },
];

const released = readdirSync(import.meta.dirname).filter((name) => /^released-.*\.graphql$/.test(name));

async function breakingChanges(): Promise<readonly string[]> {
  const sdl = readFileSync(join(import.meta.dirname, released[0] ?? ''), 'utf8');
  const changes = await diff(buildSchema(sdl), schema);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

const acceptedChanges = accepted.flatMap(({ changes }) => changes);

test('There is one released schema to compare with', () => {
  expect(released).toHaveLength(1);
});

test('Every change since the release that could break a client is accepted with a reason', async () => {
  const unaccepted = (await breakingChanges()).filter((change) => !acceptedChanges.includes(change));
  expect(unaccepted).toEqual([]);
});

test('Every accepted change is one that was made', async () => {
  const made = await breakingChanges();
  expect(acceptedChanges.filter((change) => !made.includes(change))).toEqual([]);
});
