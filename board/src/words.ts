/** The words of the page for the names of the schema. */

import type { Enum } from './graphql.ts';

export type JobState = Enum<'JobState'>;
export type JobService = Enum<'JobService'>;
export type JobType = Enum<'DataExchangeJobType'>;
export type Direction = Enum<'TransferDirection'>;

export const stateWords: Record<JobState, string> = {
  WAITING: 'Waiting',
  IN_PROGRESS: 'In progress',
  COMPLETED: 'Completed',
  COMPLETED_WITH_ERRORS: 'Completed with errors',
  FAILED: 'Failed',
  TIMED_OUT: 'Timed out',
  CANCELLED: 'Cancelled',
  UNKNOWN: 'Unknown',
};

export const serviceWords: Record<JobService, string> = {
  DATA_EXCHANGE: 'Data Exchange',
  IMPORT_EXPORT: 'Import/Export',
};

export const typeWords: Record<JobType, string> = {
  IMPORT_ASSETS_FROM_S3: 'Import from S3',
  IMPORT_ASSET_FROM_SIGNED_URL: 'Upload a file',
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: 'Import Redshift data shares',
  IMPORT_ASSET_FROM_API_GATEWAY_API: 'Import an API',
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: 'Import by Lake Formation tags',
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: 'Share an S3 bucket',
  EXPORT_ASSETS_TO_S3: 'Export assets to S3',
  EXPORT_ASSET_TO_SIGNED_URL: 'Download a file',
  EXPORT_REVISIONS_TO_S3: 'Export revisions to S3',
  UNKNOWN: 'Another type',
};

export const directionWords: Record<Direction, string> = { IMPORT: 'Disk to AWS', EXPORT: 'AWS to disk' };

/** A sentence for the reader of an error; the gateway's own where it is as good. */
export function sentenceOf(code: string | undefined, message: string): string {
  if (code === 'FORBIDDEN') return `Your token may not do this. ${message}`;
  if (code === 'UNAUTHENTICATED') return 'The gateway does not know this token, or it has expired.';
  return message;
}

/** What people know better by another word. */
export const enumWords: Readonly<Record<string, string>> = {
  AES256: 'Keys of Amazon S3 (SSE-S3)',
  AWS_KMS: 'A key of AWS KMS (SSE-KMS)',
  STANDARD: 'Standard',
  EXPEDITED_SHIPPING: 'Expedited, within two days (United States only)',
  IMPORT: 'Disk to AWS',
  EXPORT: 'AWS to disk',
  EXT2: 'ext2',
  EXT3: 'ext3',
  EXT4: 'ext4',
};
