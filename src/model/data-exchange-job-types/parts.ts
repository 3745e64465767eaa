/** The parts that the requests and the details of several Data Exchange job types share. */
import type { Secret } from '../../base/secret.ts';
import type { Maybe } from '../maybe.ts';

export interface RevisionRequest {
  readonly dataSetId: string;
  readonly revisionId: string;
}

/**
 * Members that the details of every job have. Members that a reply leaves out, or that cannot be read, are null: the
 * User Guide's own samples lack members that the model calls required.
 */
export interface DetailsBase {
  /** The job of these details, so that its signed URL can be read on request. */
  readonly awsJobId: string;
  readonly dataSetId: string | null;
}

export interface RevisionDetails extends DetailsBase {
  readonly revisionId: string | null;
}

/**
 * A URL that is itself a credential. `undefined` on details means that it was not read: lists may lack it or show an
 * outdated one, so it comes only from a create or from GetJob.
 */
export interface SignedUrl {
  readonly url: Secret<string>;
  readonly expiresAt: Date;
}

export type EncryptionType = 'AES256' | 'AWS_KMS';

export interface ServerSideEncryptionRequest {
  readonly type: EncryptionType;
  readonly kmsKeyArn?: Maybe<string>;
}

export interface ServerSideEncryption {
  readonly type: EncryptionType;
  readonly kmsKeyArn: string | null;
}
