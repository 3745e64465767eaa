/** Reads the file that a caller uploaded for an import. */
import { JobFailure } from '../job-failure.ts';
import type { WorkContext } from './job-type.ts';

/** Throws `JobFailure` if there is none. The service reads the file when the job starts, so a later upload is too late. */
export function uploadedBytes(assetName: string, { upload, startedAt = 0 }: WorkContext): Uint8Array {
  const received = upload?.purpose.received;
  if (received !== undefined && received.at <= startedAt) return received.bytes;
  throw new JobFailure([
    {
      Code: 'VALIDATION_EXCEPTION',
      Message: 'Nothing had been uploaded when the job was started.',
      Details: { ImportAssetFromSignedUrlJobErrorDetails: { AssetName: assetName } },
      ResourceType: 'ASSET',
    },
  ]);
}
