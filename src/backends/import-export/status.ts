/** Maps the service's progress codes to states. The tables are those of the API reference, "GetStatus". */
import type {
  DeviceLocation,
  ImportExportProgress,
  ImportExportStatus,
  ListedImportExportJob,
  Shipment,
  StorageDevice,
} from '../../model/import-export-job.ts';
import type { JobState } from '../../model/job-state.ts';
import type { ListedJob, StatusResult } from './results.ts';

/** By the code in lower case. `Success` and `Started` are in the prose of the API reference, not in its table. */
const stateByCode: ReadonlyMap<string, JobState> = new Map<string, JobState>([
  ['pending', 'WAITING'],
  ['inprogress', 'IN_PROGRESS'],
  ['started', 'IN_PROGRESS'],
  ['complete', 'COMPLETED'],
  ['success', 'COMPLETED'],
  ['successwitherrors', 'COMPLETED_WITH_ERRORS'],
  ['canceled', 'CANCELLED'],
  ['expired', 'TIMED_OUT'],
  ['deviceerror', 'FAILED'],
  ['invalidsignature', 'FAILED'],
  ['missingsignature', 'FAILED'],
  ['missingdevice', 'FAILED'],
  ['unsupporteddevicetype', 'FAILED'],
  ['unsupportedfileformat', 'FAILED'],
  ['unsupportedpowersupply', 'FAILED'],
]);

const locationByCode: ReadonlyMap<string, DeviceLocation> = new Map<string, DeviceLocation>([
  ['notreceived', 'NOT_RECEIVED'],
  ['ataws', 'AT_AWS'],
  ['returned', 'RETURNED'],
]);

/** The states in which a transfer ends. A cancelled or expired job had no transfer, and so has no errors to count. */
const transferredStates: ReadonlySet<JobState> = new Set(['COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED']);

export function statusFrom(result: StatusResult): ImportExportStatus {
  const state = stateByCode.get(result.ProgressCode.toLowerCase()) ?? 'UNKNOWN';
  return {
    awsJobId: result.JobId,
    direction: result.JobType,
    createdAt: result.CreationDate,
    state,
    progress: progressFrom(result, state),
    device: deviceFrom(result),
    ...(result.unreadable && { unreadable: result.unreadable }),
  };
}

function progressFrom(result: StatusResult, state: JobState): ImportExportProgress {
  const { LogBucket: bucket, LogKey: key } = result;
  return {
    code: result.ProgressCode,
    message: result.ProgressMessage,
    errorCount: transferredStates.has(state) ? result.ErrorCount : null,
    log: bucket !== null && key !== null ? { bucket, key } : null,
  };
}

function deviceFrom(result: StatusResult): StorageDevice | null {
  if (result.LocationCode === null) return null;
  return {
    location: locationByCode.get(result.LocationCode.toLowerCase()) ?? 'UNKNOWN',
    locationCode: result.LocationCode,
    message: result.LocationMessage,
    returnShipment: shipmentFrom(result),
  };
}

function shipmentFrom({ Carrier: carrier, TrackingNumber: trackingNumber }: StatusResult): Shipment | null {
  return carrier !== null && trackingNumber !== null ? { carrier, trackingNumber } : null;
}

/** A list shows only the state `CANCELLED`. */
export function jobFrom(listed: ListedJob): ListedImportExportJob {
  return {
    service: 'IMPORT_EXPORT',
    awsJobId: listed.JobId,
    direction: listed.JobType,
    createdAt: listed.CreationDate,
    ...(listed.IsCanceled && { state: 'CANCELLED' as const }),
  };
}

/** The ProgressCodes of a job that ended without a transfer. */
export type ClosedCode = 'Canceled' | 'Expired';

/** The status of a job for which GetStatus answers an exception, with `code` in place of the missing ProgressCode. */
export function closedStatusFrom(listed: ListedImportExportJob, code: ClosedCode): ImportExportStatus {
  return {
    awsJobId: listed.awsJobId,
    direction: listed.direction,
    createdAt: listed.createdAt,
    state: code === 'Canceled' ? 'CANCELLED' : 'TIMED_OUT',
    progress: { code, message: null, errorCount: null, log: null },
    device: null,
  };
}
