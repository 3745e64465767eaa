/**
 * The size limits of inputs: the checks use them and the schema prints them. The allowed sizes fit the limits of a
 * request in any encoding (`test/gateway/limits/largest-inputs.test.ts`).
 */

export interface Size {
  readonly min?: number;
  readonly max: number;
  readonly unit: 'bytes' | 'characters' | 'elements';
  /** The input type within which all lists of this kind count together. If absent, each list counts separately. */
  readonly within?: string;
}

const listOf = (min: number, max: number): Size => ({ min, max, unit: 'elements' });
const characters = (min: number, max: number): Size => ({ min, max, unit: 'characters' });
const bytes = (min: number, max: number): Size => ({ min, max, unit: 'bytes' });

/** The default for texts: far beyond any realistic value, where AWS documents no limit. */
export const textSize = characters(0, 1_024);

/**
 * Max size of all texts of one input together. A character beyond ASCII takes six bytes as Python's and PHP's encoders
 * escape it, and a seventh if the document is within JSON: in 1 MiB that leaves room for the rest.
 */
export const inputSize = characters(0, 140_000);

/**
 * Limits without a source in AWS's documents (lists of keys, prefixes, datashares, tags and of a manifest) are the
 * gateway's own.
 */
export const sizes = {
  apiDescription: characters(0, 16_384),
  archiveComment: characters(1, 997),
  assetName: characters(1, 256),
  awsJobId: characters(1, 64),
  bucket: characters(3, 255),
  cancelledJobs: listOf(1, 50),
  catalogId: characters(12, 12),
  contentTypes: listOf(0, 100),
  dataExchangeId: characters(30, 40),
  /** `Description` of CreateDataSet in the API reference. */
  dataSetDescription: characters(0, 16_348),
  dataShares: listOf(1, 500),
  destinations: listOf(1, 100),
  emails: listOf(0, 100),
  exportOperations: listOf(1, 100),
  fileExtension: characters(1, 255),
  /** The number of values of the enum. */
  filterStates: listOf(1, 8),
  /** Likewise. */
  filterTypes: listOf(1, 10),
  /** Long enough to avoid collisions. */
  idempotencyKey: characters(16, 64),
  ignoredFiles: listOf(0, 100),
  kmsKeyArn: characters(1, 2_048),
  kmsKeys: listOf(1, 10),
  labelledJobs: listOf(1, 100),
  /** The log's key, prefix and name together, may have 1,024 bytes. The name is such as `import-log-53TX4`. */
  logPrefix: bytes(0, 1_024 - 'import-log-53TX4'.length),
  /** The longest sample of AWS has 1 kB. */
  manifestText: bytes(0, 32_768),
  md5Hash: characters(24, 24),
  nodes: listOf(1, 200),
  /** S3 User Guide, "Naming Amazon S3 objects". */
  objectKey: bytes(1, 1_024),
  objectKeys: listOf(0, 500),
  page: listOf(1, 200),
  representations: listOf(0, 200),
  revisionComment: characters(0, 16_384),
  revisions: listOf(1, 1),
  sources: listOf(1, 100),
  tagPermissions: listOf(1, 2),
  tagValues: { ...listOf(1, 400), within: 'LakeFormationTagPolicyInput' },
  tags: listOf(1, 50),
  watchedJobs: listOf(1, 100),
} as const satisfies Readonly<Record<string, Size>>;

/** The number of entries of a page whose `first` is absent or null. */
export const defaultPageSize = 20;

/** Whether `count` is within the size. */
export function fits(count: number, { min = 0, max }: Size): boolean {
  return count >= min && count <= max;
}

/** The size in words, such as "1 to 100", "exactly 24 characters", "at most 997 characters". */
export function rangeOf({ min = 0, max, unit }: Size): string {
  const most = max.toLocaleString('en');
  const counted = unit === 'elements' ? most : `${most} ${unit}`;
  if (min === max) return `exactly ${counted}`;
  return min > 1 || (unit === 'elements' && min > 0) ? `${min} to ${counted}` : `at most ${counted}`;
}

/** The number of characters of all texts in `value`, which is no deeper than an input of the schema. */
export function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, member: unknown) => sum + charactersIn(member), 0);
}
