/** A job of AWS Import/Export, and what its service reports of it. */
import type { Secret } from '../base/secret.ts';
import type { JobRef, JobState } from './job-state.ts';
import type { S3Object } from './s3-object.ts';

export type TransferDirection = 'EXPORT' | 'IMPORT';

export type DeviceLocation = 'AT_AWS' | 'NOT_RECEIVED' | 'RETURNED' | 'UNKNOWN';

/**
 * What is known of an Import/Export job without its status: an entry of a list, or the reply to a create.
 *
 * A member is absent if that source does not show it; `status`, or a GetStatus, does. Only `state` is present if the
 * source already decides it: a cancelled list entry, a job that was just created.
 */
export interface ImportExportJob extends JobRef {
  readonly service: 'IMPORT_EXPORT';
  readonly direction?: TransferDirection;
  readonly createdAt?: Date;
  readonly state?: JobState;
  readonly status?: ImportExportStatus;
}

/** An entry of a list. */
export type ListedImportExportJob = ImportExportJob & Required<Pick<ImportExportJob, 'createdAt' | 'direction'>>;

/** The reply of GetStatus, without its secrets (manifest, signature) and links. */
export interface ImportExportStatus {
  readonly awsJobId: string;
  readonly direction: TransferDirection;
  readonly createdAt: Date;
  readonly state: JobState;
  readonly progress: ImportExportProgress;
  readonly device: StorageDevice | null;
  /** Paths of unreadable members of the answer, which are null here. Absent if there are none. */
  readonly unreadable?: readonly string[];
}

/** The job that a status describes. */
export function importExportJobFrom(status: ImportExportStatus): ImportExportJob {
  const { awsJobId, direction, createdAt } = status;
  return { service: 'IMPORT_EXPORT', awsJobId, direction, createdAt, status };
}

export interface ImportExportProgress {
  /** The service's code, such as `Pending`. */
  readonly code: string;
  readonly message: string | null;
  readonly errorCount: number | null;
  readonly log: S3Object | null;
}

export interface StorageDevice {
  readonly location: DeviceLocation;
  /** The service's code, such as `AtAWS`. */
  readonly locationCode: string;
  readonly message: string | null;
  readonly returnShipment: Shipment | null;
}

export interface Shipment {
  readonly carrier: string;
  readonly trackingNumber: string;
}

/** The secrets and links of GetStatus: read on request, never stored. */
export interface ImportExportDocuments {
  /** The manifest with its passwords and keys removed. */
  readonly manifest: Secret<string> | null;
  readonly signature: Secret<JobSignature> | null;
  readonly artifacts: readonly JobArtifact[];
}

export interface JobSignature {
  readonly value: string;
  readonly fileContents: string;
}

export interface JobArtifact {
  readonly description: string;
  readonly url: Secret<string>;
}

export interface ShippingLabel {
  readonly url: Secret<string>;
  readonly warning: string | null;
}
