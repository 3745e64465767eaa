/**
 * The nine inputs of CreateJob by the service's model and guide, and inputs that break each rule. The resources are
 * those of the emulator's demo, as it looks them up.
 */
import fc from 'fast-check';
import { demo } from '../../src/emulator/demo.ts';
import {
  anyText,
  assetName,
  awsId,
  bucket,
  catalogId,
  key,
  keyPattern,
  keyPrefix,
  kmsKeyArn,
  md5Hash,
  requiredText,
  roleArn,
} from './data-exchange-values.ts';
import { leaf, listOf, type Model, object, oneFaultAtMost, optional } from './input-model.ts';

const encryption: Model<unknown> = (() => {
  const aes = object({ type: leaf(fc.constant('AES256'), fc.constant('AES256')), kmsKeyArn: optional(anyText) });
  const kms = object({ type: leaf(fc.constant('AWS_KMS'), fc.constant('AWS_KMS')), kmsKeyArn: requiredText });
  const keyless = fc.constantFrom(null, undefined, '').map((kmsKeyArn) => ({
    value: { type: 'AWS_KMS', kmsKeyArn },
    at: ['kmsKeyArn'],
  }));
  return oneFaultAtMost<unknown>(fc.oneof(aes.valid, kms.valid), keyless);
})();

function tagPolicy(...known: readonly string[]) {
  const permission = leaf(fc.constantFrom(...known), fc.constantFrom('', 'ALL', 'describe', 'toString'));
  return object({
    expression: listOf(object({ key: requiredText, values: listOf(anyText, 1) }), 1),
    permissions: listOf(permission, 1, 2),
  });
}

const revision = { dataSetId: awsId(demo.dataSetId), revisionId: awsId(demo.revisionId) };
const assetId = awsId(demo.assetId);

const branches = {
  createS3DataAccessFromS3Bucket: object({
    ...revision,
    bucket,
    keyPrefixes: optional(listOf(keyPrefix, 0)),
    keys: optional(listOf(key, 0)),
    kmsKeyArns: optional(listOf(kmsKeyArn, 1, 10)),
  }),
  exportAssetToSignedUrl: object({ ...revision, assetId }),
  exportAssetsToS3: object({
    ...revision,
    destinations: listOf(object({ assetId, bucket, key: optional(key) }), 1, 100),
    encryption: optional(encryption),
  }),
  exportRevisionsToS3: object({
    dataSetId: revision.dataSetId,
    destinations: listOf(object({ revisionId: revision.revisionId, bucket, keyPattern: optional(keyPattern) }), 1, 1),
    encryption: optional(encryption),
  }),
  importAssetFromApiGatewayApi: object({
    ...revision,
    apiId: requiredText,
    apiName: requiredText,
    apiDescription: optional(anyText),
    apiKey: optional(anyText),
    specificationMd5Hash: md5Hash,
    stage: requiredText,
  }),
  importAssetFromSignedUrl: object({ ...revision, assetName, md5Hash }),
  importAssetsFromLakeFormationTagPolicy: object({
    ...revision,
    catalogId,
    roleArn,
    database: optional(tagPolicy('DESCRIBE')),
    table: optional(tagPolicy('DESCRIBE', 'SELECT')),
  }),
  importAssetsFromRedshiftDataShares: object({ ...revision, dataShareArns: listOf(requiredText, 1) }),
  importAssetsFromS3: object({ ...revision, sources: listOf(object({ bucket, key }), 1, 100) }),
};

/** Values of `details` of `createDataExchangeJob`: valid, with one fault, and with any number of faults. */
export const details = {
  valid: fc.oneof(
    ...Object.entries(branches).map(([branch, { valid }]) => valid.map((value) => ({ [branch]: value }))),
  ),
  broken: fc.oneof(
    ...Object.entries(branches).map(([branch, { broken }]) =>
      broken.map(({ value, at }) => ({ value: { [branch]: value }, at: [branch, ...at] })),
    ),
  ),
  faulty: fc.oneof(
    ...Object.entries(branches).map(([branch, { faulty }]) =>
      faulty.map(({ value, faults }) => ({
        value: { [branch]: value },
        faults: faults.map((at) => [branch, ...at]),
      })),
    ),
  ),
};
