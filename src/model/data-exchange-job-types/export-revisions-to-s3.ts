/** EXPORT_REVISIONS_TO_S3: whole revisions of a data set, each to a bucket. */
import type { Maybe } from '../maybe.ts';
import type { DetailsBase, ServerSideEncryption, ServerSideEncryptionRequest } from './parts.ts';

export interface ExportRevisionsToS3Request {
  readonly dataSetId: string;
  readonly destinations: readonly RevisionDestinationRequest[];
  readonly encryption?: Maybe<ServerSideEncryptionRequest>;
}

export interface RevisionDestinationRequest {
  readonly revisionId: string;
  readonly bucket: string;
  readonly keyPattern?: Maybe<string>;
}

export interface ExportRevisionsToS3Details extends DetailsBase {
  readonly type: 'EXPORT_REVISIONS_TO_S3';
  readonly destinations: readonly (RevisionDestination | null)[] | null;
  readonly encryption: ServerSideEncryption | null;
  readonly eventActionArn: string | null;
}

export interface RevisionDestination {
  readonly revisionId: string;
  readonly bucket: string;
  readonly keyPattern: string | null;
}
