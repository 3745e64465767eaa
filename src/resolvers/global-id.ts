/**
 * Encodes and decodes the global ids of jobs. They are opaque to clients, and the gateway decodes them without a call.
 */
import { isAwsId } from '../backends/data-exchange/constraints.ts';
import type { JobRef, JobService } from '../model/job-state.ts';

/** The GraphQL types of jobs. */
export const jobTypeNames: Readonly<Record<JobService, string>> = {
  DATA_EXCHANGE: 'DataExchangeJob',
  IMPORT_EXPORT: 'ImportExportJob',
};

/** Wider than the five characters of known Import/Export ids: the service's answer decides which ids exist. */
const importExportJobId = /^[a-zA-Z0-9]{1,64}$/;

/** A job has exactly one global id. */
export function globalIdFrom(ref: JobRef): string {
  return Buffer.from(`${jobTypeNames[ref.service]}:${ref.awsJobId}`).toString('base64url');
}

/** The type and the services' ids in `globalId`; none if no node can have it. */
export function globalIdParts(globalId: string): readonly string[] {
  const bytes = Buffer.from(globalId, 'base64url');
  // The decoder skips what is not base64url. The comparison refuses such other spellings of an id.
  return bytes.toString('base64url') === globalId ? bytes.toString().split(':') : [];
}

/** The job that `globalId` names; undefined if `globalIdFrom` cannot have returned it. */
export function jobRefFrom(globalId: string): JobRef | undefined {
  const [typeName, awsJobId = '', ...rest] = globalIdParts(globalId);
  if (rest.length > 0) return undefined;
  if (typeName === jobTypeNames.DATA_EXCHANGE) return jobRefOf('DATA_EXCHANGE', awsJobId);
  return typeName === jobTypeNames.IMPORT_EXPORT ? jobRefOf('IMPORT_EXPORT', awsJobId) : undefined;
}

/** The job of `service` with this id; undefined if the service cannot have made the id. */
export function jobRefOf(service: JobService, awsJobId: string): JobRef | undefined {
  if (service === 'DATA_EXCHANGE') return isAwsId(awsJobId) ? { service, awsJobId } : undefined;
  // The service ignores the case of its ids. With one spelling, reads of one job can be shared.
  return importExportJobId.test(awsJobId) ? { service, awsJobId: awsJobId.toUpperCase() } : undefined;
}
