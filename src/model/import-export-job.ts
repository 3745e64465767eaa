/** A job of AWS Import/Export, and what its service tells of it. */
import type { Secret } from '../base/secret.ts';
import type { JobRef, JobState } from './job-state.ts';
import type { S3Object } from './s3-object.ts';

export type TransferDirection = 'EXPORT' | 'IMPORT';

export type DeviceLocation = 'AT_AWS' | 'NOT_RECEIVED' | 'RETURNED' | 'UNKNOWN';

/**
 * What is known of an Import/Export job without asking for its status: an entry of a list, or the reply to a create.
 *
 * A member is absent where that source does not say it; then `status`, or a GetStatus, does. only `state` is present
 * where the source already decides it: a cancelled list entry, a job created just now.
 */
export interface ImportExportJob extends JobRef {
  readonly service: 'IMPORT_EXPORT';
  readonly direction?: TransferDirection;
  readonly createdAt?: Date;
  readonly state?: JobState;
  readonly status?: ImportExportStatus;
}

/** As an entry of a list tells of it. */
export type ListedImportExportJob = ImportExportJob & Required<Pick<ImportExportJob, 'createdAt' | 'direction'>>;

/** What GetStatus says, without its secrets (manifest, signature) and without links. */
export interface ImportExportStatus {
  readonly awsJobId: string;
  readonly direction: TransferDirection;
  readonly createdAt: Date;
  readonly state: JobState;
  readonly progress: ImportExportProgress;
  readonly device: StorageDevice | null;
  /** Paths of members of the answer that could not be read, and are null here. Absent where there are none. */
  readonly unreadable?: readonly string[];
}

/** The job that a status by itself describes. */
export function importExportJobFrom(status: ImportExportStatus): ImportExportJob {
  const { awsJobId, direction, createdAt } = status;
  return { service: 'IMPORT_EXPORT', awsJobId, direction, createdAt, status };
}

export interface ImportExportProgress {
  /** The service's own token, such as `Pending`. */
  readonly code: string;
  readonly message: string | null;
  readonly errorCount: number | null;
  readonly log: S3Object | null;
}

export interface StorageDevice {
  readonly location: DeviceLocation;
  /** The service's own token, such as `AtAWS`. */
  readonly locationCode: string;
  readonly message: string | null;
  readonly returnShipment: Shipment | null;
}

export interface Shipment {
  readonly carrier: string;
  readonly trackingNumber: string;
}

/** The part of GetStatus that is secret or a link: read on request, never kept. */
export interface ImportExportDocuments {
  /** The manifest with its passwords and keys blanked out. */
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
