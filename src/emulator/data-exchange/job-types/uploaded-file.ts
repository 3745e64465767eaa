/** The file that a caller uploads for an import. */
import { JobFailure } from '../job-failure.ts';
import type { Workplace } from './job-type.ts';

/** Throws `JobFailure` where there is none. The service reads the file as the job starts, so one that arrives later is too late. */
export function uploadedBytes(assetName: string, { upload, startedAt = 0 }: Workplace): Uint8Array {
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
