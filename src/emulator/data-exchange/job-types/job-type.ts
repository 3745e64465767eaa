/** One type of job, made from the definition that its file gives. */
import type { z } from 'zod';
import type { Download, IssuedUrl, Upload } from '../../signed-urls/signed-url-store.ts';
import type { Catalog, NewAsset } from '../catalog.ts';
import { instantText } from '../instant.ts';

/** How many jobs of a type may be in progress at once, per account and region (AWS General Reference, quotas). */
export interface ConcurrencyLimit {
  readonly name: string;
  readonly value: number;
}

export interface Workplace {
  readonly catalog: Catalog;
  /** Of an import of one file: where it was to be put. */
  readonly upload: IssuedUrl<Upload> | undefined;
  readonly startedAt: number | undefined;
}

export interface WorkResult {
  /** What an import adds to its revision. Absent for an export. */
  readonly assets?: readonly NewAsset[];
  /** What is then to be downloaded from a signed URL. */
  readonly download?: Uint8Array | undefined;
}

export interface JobUrls {
  readonly upload: IssuedUrl<Upload> | undefined;
  readonly download: IssuedUrl<Download> | undefined;
}

interface AnyDetails {
  readonly DataSetId: string;
  readonly RevisionId?: string;
}

type Members = Readonly<Record<string, unknown>>;

interface Definition<Details extends AnyDetails> {
  readonly type: string;
  /** The member of `Details` that belongs to the type. */
  readonly member: string;
  /** The constraints that the service's model and guide lay on it. */
  readonly form: z.ZodType<Details>;
  /** Whether jobs read from their data set, which may be somebody else's; others add to one. */
  readonly isExport?: boolean;
  readonly concurrency: ConcurrencyLimit;
  /** Which revisions a request names. Absent where that is its `RevisionId`. */
  readonly revisionIds?: (details: Details) => readonly string[];
  /** Which assets of its revision a request names. Absent for none. */
  readonly assetIds?: (details: Details) => readonly string[];
  /** The MD5 of the file that the caller will upload. Absent where they upload nothing. */
  readonly uploadMd5Hash?: (details: Details) => string;
  /** Throws `JobFailure`. */
  readonly work: (details: Details, workplace: Workplace) => WorkResult;
  /** The members that show the job's signed URLs. Absent for `SignedUrl` and `SignedUrlExpiresAt`. */
  readonly urlMembers?: (urls: JobUrls) => Members;
}

/** What a job is to do: its details, and what its type makes of them. */
export interface JobRequest {
  readonly type: string;
  readonly member: string;
  readonly isExport: boolean;
  readonly concurrency: ConcurrencyLimit;
  readonly details: AnyDetails;
  readonly revisionIds: readonly string[];
  readonly assetIds: readonly string[];
  readonly uploadMd5Hash: string | undefined;
  readonly work: (workplace: Workplace) => WorkResult;
  readonly urlMembers: (urls: JobUrls) => Members;
}

export interface JobType {
  readonly type: string;
  readonly member: string;
  /** Throws `ZodError` with the path of the member at fault. */
  readonly parse: (details: unknown) => JobRequest;
}

export function jobType<Details extends AnyDetails>(definition: Definition<Details>) {
  const { type, member, form, isExport = false, concurrency, assetIds, revisionIds, uploadMd5Hash } = definition;
  const request = (details: Details): JobRequest => ({
    ...{ type, member, isExport, concurrency, details },
    revisionIds: revisionIds?.(details) ?? (details.RevisionId === undefined ? [] : [details.RevisionId]),
    assetIds: assetIds?.(details) ?? [],
    uploadMd5Hash: uploadMd5Hash?.(details),
    work: (workplace) => definition.work(details, workplace),
    urlMembers: definition.urlMembers ?? signedUrlMembers,
  });
  return { type, member, request, parse: (details: unknown) => request(form.parse(details)) };
}

/** Every answer has them, past their expiry too: whether the service renews or withholds them is unknown. */
function signedUrlMembers({ upload, download }: JobUrls): Members {
  const issued = upload ?? download;
  if (issued === undefined) return {};
  return { SignedUrl: issued.url, SignedUrlExpiresAt: instantText(issued.expiresAt) };
}
