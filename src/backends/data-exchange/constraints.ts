/** The service's constraints on single values. */
import { rangeOf, sizes, textSize } from '../../model/job-input-sizes.ts';
import { text } from '../input/text-checks.ts';

/**
 * The ids of data sets, revisions, assets and jobs. The model's pattern, `[a-zA-Z0-9]{30,40}`, has no anchors and would
 * find an id inside an ARN. `$` without the flag `m` matches only at the very end.
 */
const idPattern = /^[a-zA-Z0-9]{30,40}$/;

export const awsId = text({
  size: sizes.dataExchangeId,
  pattern: idPattern,
  must: `have ${rangeOf(sizes.dataExchangeId)}, only the letters A to Z and digits`,
});

/** Whether a resource of the service may have this id. */
export function isAwsId(value: string): boolean {
  return idPattern.test(value);
}

/** `Md5Hash` and `ApiSpecificationMd5Hash`: sixteen bytes in Base64. */
export const md5Hash = text({
  size: sizes.md5Hash,
  pattern: /^[A-Za-z0-9+/]{22}==$/,
  must: 'be an MD5 hash in Base64, which has 24 characters',
});

export const objectKey = text({
  size: sizes.objectKey,
  must: `be an S3 object key of ${rangeOf(sizes.objectKey)}`,
});

export const requiredText = text({ size: { ...textSize, min: 1 } });

export const anyText = text();

export const kmsKeyArn = text({ size: sizes.kmsKeyArn });
