/** The changes since the last release that could break a client, with the reason for each. */

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

export const acceptedChanges: readonly string[] = accepted.flatMap(({ changes }) => changes);
