/** Defines a job type from the definition in its file. */
import type { z } from 'zod';
import type { Download, IssuedUrl, Upload } from '../../signed-urls/signed-url-store.ts';
import type { Catalog, NewAsset } from '../catalog.ts';
import { instantText } from '../instant.ts';

/** Max jobs of a type in progress at once, per account and region (AWS General Reference, quotas). */
export interface ConcurrencyLimit {
  readonly name: string;
  readonly value: number;
}

export interface WorkContext {
  readonly catalog: Catalog;
  /** The upload URL of an import of one file. */
  readonly upload: IssuedUrl<Upload> | undefined;
  readonly startedAt: number | undefined;
}

export interface WorkResult {
  /** The assets that an import adds to its revision; absent for an export. */
  readonly assets?: readonly NewAsset[];
  /** The bytes to be downloaded from a signed URL. */
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
  /** The constraints of the service's model and guide. */
  readonly form: z.ZodType<Details>;
  /** Whether jobs read from their data set, which another account may own; others add to it. */
  readonly isExport?: boolean;
  readonly concurrency: ConcurrencyLimit;
  /** The revisions that a request names; absent if that is its `RevisionId`. */
  readonly revisionIds?: (details: Details) => readonly string[];
  /** The assets of its revision that a request names; absent for none. */
  readonly assetIds?: (details: Details) => readonly string[];
  /** The MD5 of the file that the caller will upload; absent if there is no upload. */
  readonly uploadMd5Hash?: (details: Details) => string;
  /** Throws `JobFailure`. */
  readonly work: (details: Details, context: WorkContext) => WorkResult;
  /** The members with the job's signed URLs; absent for `SignedUrl` and `SignedUrlExpiresAt`. */
  readonly urlMembers?: (urls: JobUrls) => Members;
}

/** The work of a job: its details with the functions of its type. */
export interface JobRequest {
  readonly type: string;
  readonly member: string;
  readonly isExport: boolean;
  readonly concurrency: ConcurrencyLimit;
  readonly details: AnyDetails;
  readonly revisionIds: readonly string[];
  readonly assetIds: readonly string[];
  readonly uploadMd5Hash: string | undefined;
  readonly work: (context: WorkContext) => WorkResult;
  readonly urlMembers: (urls: JobUrls) => Members;
}

export interface JobType {
  readonly type: string;
  readonly member: string;
  /** Throws `ZodError` with the path of the invalid member. */
  readonly parse: (details: unknown) => JobRequest;
}

export function jobType<Details extends AnyDetails>(definition: Definition<Details>) {
  const { type, member, form, isExport = false, concurrency, assetIds, revisionIds, uploadMd5Hash } = definition;
  const request = (details: Details): JobRequest => ({
    ...{ type, member, isExport, concurrency, details },
    revisionIds: revisionIds?.(details) ?? (details.RevisionId === undefined ? [] : [details.RevisionId]),
    assetIds: assetIds?.(details) ?? [],
    uploadMd5Hash: uploadMd5Hash?.(details),
    work: (context) => definition.work(details, context),
    urlMembers: definition.urlMembers ?? signedUrlMembers,
  });
  return { type, member, request, parse: (details: unknown) => request(form.parse(details)) };
}

/** Every response contains them, even after their expiry: whether the service renews or omits them is unknown. */
function signedUrlMembers({ upload, download }: JobUrls): Members {
  const issued = upload ?? download;
  if (issued === undefined) return {};
  return { SignedUrl: issued.url, SignedUrlExpiresAt: instantText(issued.expiresAt) };
}
