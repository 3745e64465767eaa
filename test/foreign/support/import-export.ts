/** The AWS SDK for JavaScript, version 2: the only one of AWS's that still signs Import/Export with version 2. */
import { createRequire } from 'node:module';
import { credentials, type ForeignEmulator } from './emulator.ts';

/** The part of the SDK that the tests use. Its own types are missing if `npm ci --prefix test/foreign` has not run. */
export interface ImportExport {
  readonly createJob: Operation<{ JobId: string; Signature?: string; SignatureFileContents?: string }>;
  readonly updateJob: Operation;
  readonly cancelJob: Operation;
  readonly getStatus: Operation<JobStatus>;
  readonly getShippingLabel: Operation<{ ShippingLabelURL: string }>;
  readonly listJobs: Operation<JobPage>;
}

type Operation<Output = object> = (parameters?: object) => { readonly promise: () => Promise<Output & WithMetadata> };

interface WithMetadata {
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

/** The SDK's default for this service is `v2`. */
export const signatureVersions = ['v2', 'v4'] as const;

/** `options` are the SDK's. */
export function importExport({ url }: ForeignEmulator, options: object = {}): ImportExport {
  const Client: new (options: object) => ImportExport = createRequire(import.meta.url)('aws-sdk/clients/importexport');
  return new Client({ endpoint: url, region: 'us-east-1', ...credentials, ...options });
}

/** The result without the request id, which differs each time. */
export function withoutRequestId<Output extends WithMetadata>({ ResponseMetadata, ...result }: Output): object {
  return result;
}
