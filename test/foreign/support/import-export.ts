/** The AWS SDK for JavaScript, version 2: the only one of AWS's that still signs Import/Export by version 2. */
import { createRequire } from 'node:module';
import { credentials, type ForeignEmulator } from './emulator.ts';

/** What the tests use of the SDK. Its own types are out of reach where `npm ci --prefix test/foreign` has not run. */
export interface ImportExport {
  readonly createJob: Operation<{ JobId: string; Signature?: string; SignatureFileContents?: string }>;
  readonly updateJob: Operation;
  readonly cancelJob: Operation;
  readonly getStatus: Operation<JobStatus>;
  readonly getShippingLabel: Operation<{ ShippingLabelURL: string }>;
  readonly listJobs: Operation<JobPage>;
}

type Operation<Output = object> = (parameters?: object) => { readonly promise: () => Promise<Output & Answered> };

interface Answered {
  readonly ResponseMetadata: { readonly RequestId: string };
}

export interface JobStatus {
  readonly JobId: string;
  readonly CurrentManifest: string;
  readonly CreationDate: Date;
  readonly ErrorCount: number;
}

export interface JobPage {
  readonly Jobs: readonly { readonly JobId: string; readonly CreationDate: Date; readonly IsCanceled: boolean }[];
  readonly IsTruncated: boolean;
}

/** The SDK's own choice for this service is `v2`. */
export const signatureVersions = ['v2', 'v4'] as const;

/** `options` are the SDK's own. */
export function importExport({ url }: ForeignEmulator, options: object = {}): ImportExport {
  const Client: new (options: object) => ImportExport = createRequire(import.meta.url)('aws-sdk/clients/importexport');
  return new Client({ endpoint: url, region: 'us-east-1', ...credentials, ...options });
}

/** What stays the same from one answer to the next. */
export function withoutRequestId<Output extends Answered>({ ResponseMetadata, ...result }: Output): object {
  return result;
}
