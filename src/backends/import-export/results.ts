/** The shapes of replies, by the names of the service model 2010-06-01. */
import { z } from 'zod';
import { readPartly } from '../partial-read.ts';

/** The XML parser gives an element without children as text, so an empty text means no members. */
function element<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (isBlank(value) ? {} : value), z.object(shape));
}

/** `schema`, whose optional members count as absent if they are unreadable; their paths are in `unreadable`. */
function partly<T extends object>(schema: z.ZodType<T>) {
  return z.unknown().transform((received, context): T & { readonly unreadable?: readonly string[] } => {
    try {
      const { value, emptied } = readPartly(schema, received);
      return { ...value, ...(emptied.length > 0 && { unreadable: emptied }) };
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      for (const { message, path } of error.issues) context.addIssue({ code: 'custom', message, path: [...path] });
      return z.NEVER;
    }
  });
}

/** A list is absent, empty, or holds `member` elements. */
function list<Item extends z.ZodType>(item: Item) {
  const members = z.object({ member: z.array(item) }).transform(({ member }) => member);
  return z.preprocess((value) => (value === undefined || isBlank(value) ? { member: [] } : value), members);
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

const maxSentenceLength = 1_000;

/** S3 keys have up to 1,024 bytes; other single words are shorter. */
const maxTokenLength = 1_024;

/** As received, white space included; null where absent or empty. */
const text = z
  .string()
  .optional()
  .transform((value) => value || null);

/** Text for people, cut as the gateway may keep one for each watched job. The longest documented has 200 characters. */
const sentence = text.transform(
  (value) => value && (value.length > maxSentenceLength ? `${value.slice(0, maxSentenceLength)}…` : value),
);

/** A single word or number. */
const token = z.string().trim();
const optionalToken = token
  .max(maxTokenLength)
  .optional()
  .transform((value) => value || null);

/** Known ids have five characters. The maximum is what the gateway's own ids and cursors can hold. */
const jobId = token.min(1).max(64);

const flag = token.pipe(z.enum(['true', 'false'])).transform((value) => value === 'true');

/** An S3 key: white space may be part of it. */
const logKey = z
  .string()
  .max(maxTokenLength)
  .optional()
  .transform((value) => value || null);

const count = optionalToken.pipe(
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    // The limit of a GraphQL Int.
    .refine((value) => value < 2 ** 31)
    .nullable(),
);

/** Whole seconds or milliseconds in UTC, or seconds since the epoch: aws-sdk-js reads all of these. */
const instant = z.union([
  token.pipe(z.iso.datetime()).transform((value) => new Date(value)),
  token.regex(/^\d{1,10}(\.\d{1,6})?$/).transform((value) => new Date(Number(value) * 1_000)),
]);

/** The service ignores case. */
const direction = token.toUpperCase().pipe(z.enum(['EXPORT', 'IMPORT']));

/** A link for people. */
const link = token.pipe(z.url({ protocol: /^https?$/ }));

/** A faulty link must not make the manifest beside it unreadable. */
const artifacts = list(element({ Description: text, URL: link.nullish() }).nullable());

export const createJobResult = partly(
  element({
    JobId: jobId,
    JobType: direction.optional(),
    WarningMessage: sentence,
  }),
);

/** The result of a create that was only checked. No document says which members it has, so none is required. */
export const checkedManifest = partly(element({ WarningMessage: sentence }));

export const updateJobResult = partly(element({ Success: flag, WarningMessage: sentence }));

export const cancelJobResult = element({ Success: flag });

/** The part of GetStatus that may be kept: no manifest, no signature, no links. */
export const getStatusResult = partly(
  element({
    JobId: jobId,
    JobType: direction,
    CreationDate: instant,
    LocationCode: optionalToken,
    LocationMessage: sentence,
    ProgressCode: token.min(1).max(100),
    ProgressMessage: sentence,
    Carrier: optionalToken,
    TrackingNumber: optionalToken,
    LogBucket: optionalToken,
    LogKey: logKey,
    ErrorCount: count,
  }),
);

/** The part of GetStatus that is secret, or a link. */
export const getDocumentsResult = partly(
  element({
    JobId: jobId,
    Signature: optionalToken,
    SignatureFileContents: text,
    CurrentManifest: text,
    ArtifactList: artifacts,
  }),
);

export const getShippingLabelResult = partly(element({ ShippingLabelURL: link, Warning: sentence }));

/** Not read partly: a list must not look complete if its end is unknown. */
export const listJobsResult = element({
  Jobs: list(z.unknown()),
  IsTruncated: flag.optional().transform((value) => value ?? false),
});

export const listedJob = element({ JobId: jobId, JobType: direction, CreationDate: instant, IsCanceled: flag });

/** The one member that the next page needs. */
export const listedId = element({ JobId: jobId });

export type StatusResult = z.output<typeof getStatusResult>;
export type DocumentsResult = z.output<typeof getDocumentsResult>;
export type ListedJob = z.output<typeof listedJob>;

/** Callers see it, so it must not be a credential: a key id is all capitals and digits, a key has digits. */
const exceptionCode = token.regex(/^(?=.*[a-z])(?:EC2|[A-Za-z])[A-Za-z.]{0,99}$/);
const error = z.object({ Code: exceptionCode }).transform(({ Code }) => Code);
const firstError = z.union([
  error,
  z
    .array(error)
    .min(1)
    .transform(([first]) => first),
]);

/** The exception's name in an error reply, in each of the forms that clients of the service read. */
export const errorReply = z.union([
  z.object({ ErrorResponse: z.object({ Error: error }) }).transform((reply) => reply.ErrorResponse.Error),
  z
    .object({ Response: z.object({ Errors: z.object({ Error: firstError }) }) })
    .transform((reply) => reply.Response.Errors.Error),
  z.object({ Error: error }).transform((reply) => reply.Error),
]);
