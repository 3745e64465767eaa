/** Reads why a job failed. The service's text may quote a URL, a key or anything else, so it is scrubbed. */
import { z } from 'zod';
import { scrubbed } from '../../base/scrub.ts';
import type { DataExchangeJobError } from '../../model/data-exchange-job.ts';
import { boundedText } from '../bounded-text.ts';
import { orNull, s3Object, text } from './wire-shapes.ts';

/** By `Code` of `JobError` in the API reference. */
const hintsByCode: ReadonlyMap<string, string> = new Map([
  ['ACCESS_DENIED_EXCEPTION', 'AWS Data Exchange was denied access to something that the job needs.'],
  ['INTERNAL_SERVER_EXCEPTION', 'AWS Data Exchange failed internally. A new job may succeed.'],
  ['MALWARE_DETECTED', 'Malware was found in a file of the job.'],
  ['MALWARE_SCAN_ENCRYPTED_FILE', 'A file of the job is encrypted and cannot be scanned for malware.'],
  ['RESOURCE_NOT_FOUND_EXCEPTION', 'Something that the job refers to does not exist.'],
  ['SERVICE_QUOTA_EXCEEDED_EXCEPTION', 'The job would exceed a quota of the AWS account.'],
  ['VALIDATION_EXCEPTION', 'AWS Data Exchange found what the job refers to invalid.'],
]);

const errorDetails = z.object({
  ImportAssetFromSignedUrlJobErrorDetails: z.object({ AssetName: text }).nullish(),
  ImportAssetsFromS3JobErrorDetails: z.array(s3Object.nullable()).nullish(),
});

/** Every member may be missing: even an empty error says that the job failed. */
export const jobError = z
  .object({
    Code: orNull(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/)),
    Details: errorDetails.nullish(),
    LimitName: text,
    LimitValue: z.number().nullish(),
    Message: text,
    ResourceId: text,
    ResourceType: text,
  })
  .nullable()
  .transform((error) => errorFrom(error ?? {}));

interface AwsJobError {
  readonly Code?: string | null;
  readonly Details?: z.output<typeof errorDetails> | null | undefined;
  readonly LimitName?: string | null;
  readonly LimitValue?: number | null | undefined;
  readonly Message?: string | null;
  readonly ResourceId?: string | null;
  readonly ResourceType?: string | null;
}

function errorFrom(error: AwsJobError): DataExchangeJobError {
  const { Code: code = null, Details, LimitName, LimitValue, Message, ResourceId, ResourceType } = error;
  return {
    code,
    message: shownText(Message ?? '') || 'AWS Data Exchange gave no reason.',
    hint: hintsByCode.get(code ?? '') ?? null,
    limit: LimitName && typeof LimitValue === 'number' ? { name: LimitName, value: LimitValue } : null,
    resource: ResourceId && ResourceType ? { id: ResourceId, type: ResourceType } : null,
    assetName: Details?.ImportAssetFromSignedUrlJobErrorDetails?.AssetName ?? null,
    sources: Details?.ImportAssetsFromS3JobErrorDetails ?? [],
  };
}

const maxMessageLength = 1_000;

/** What is scrubbed at most, as some secrets are longer than what replaces them. */
const maxScrubbedLength = 4_000;

/** The service's `text` without secrets, of at most 1,000 characters. */
function shownText(text: string): string {
  return boundedText(scrubbed(beginningOf(text)).trim(), maxMessageLength);
}

/** Ends between two words, as half of a secret no longer has its form. */
function beginningOf(text: string): string {
  return text.length <= maxScrubbedLength ? text : text.slice(0, maxScrubbedLength).replace(/\S+$/, '');
}
