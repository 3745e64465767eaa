/** The members of each reply, by their names in the service model 2010-06-01: what must be there, and in which form. */
import { z } from 'zod';

/** An element without children is read as text, so an empty one stands for no members. */
function element<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (isBlank(value) ? {} : value), z.object(shape));
}

/** A list is absent, empty, or holds `member` elements. */
function list<Item extends z.ZodType>(item: Item) {
  const members = z.object({ member: z.array(item) }).transform(({ member }) => member);
  return z.preprocess((value) => (value === undefined || isBlank(value) ? { member: [] } : value), members);
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

/** Kept as it came, white space included; null where absent or empty. */
const text = z
  .string()
  .optional()
  .transform((value) => value || null);

/** A single word or number. */
const token = z.string().trim();
const requiredToken = token.min(1);
const optionalToken = token.optional().transform((value) => value || null);

const flag = token.pipe(z.enum(['true', 'false'])).transform((value) => value === 'true');

const count = optionalToken.pipe(
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    // Beyond this a GraphQL Int cannot go, and no job of this service could.
    .refine((value) => value < 2 ** 31)
    .nullable(),
);

/** Whole seconds or milliseconds in UTC, or seconds since the epoch: aws-sdk-js reads them all. */
const instant = z.union([
  token.pipe(z.iso.datetime()).transform((value) => new Date(value)),
  token.regex(/^\d{1,10}(\.\d{1,6})?$/).transform((value) => new Date(Number(value) * 1_000)),
]);

/** The server compared it without regard to case. */
const direction = token.toUpperCase().pipe(z.enum(['EXPORT', 'IMPORT']));

/** A link that a person may follow. */
const link = token.pipe(z.url({ protocol: /^https?$/ }));

/** A faulty link must not cost the caller the manifest beside it. */
const artifacts = list(element({ Description: text, URL: link.nullable().catch(null) }));

export const createJobResult = element({
  JobId: requiredToken,
  JobType: direction.optional(),
  WarningMessage: text,
});

/** Of a create that was only checked: which members come back is not documented, so none is needed. */
export const checkedManifest = element({ WarningMessage: text });

export const updateJobResult = element({ Success: flag, WarningMessage: text });

export const cancelJobResult = element({ Success: flag });

/** The part of GetStatus that may be kept: no manifest, no signature, no links. */
export const getStatusResult = element({
  JobId: requiredToken,
  JobType: direction,
  CreationDate: instant,
  LocationCode: optionalToken,
  LocationMessage: text,
  ProgressCode: requiredToken,
  ProgressMessage: text,
  Carrier: optionalToken,
  TrackingNumber: optionalToken,
  LogBucket: optionalToken,
  LogKey: text,
  ErrorCount: count,
});

/** The part of GetStatus that is secret, or a link. */
export const getDocumentsResult = element({
  JobId: requiredToken,
  Signature: optionalToken,
  SignatureFileContents: text,
  CurrentManifest: text,
  ArtifactList: artifacts,
});

export const getShippingLabelResult = element({ ShippingLabelURL: link, Warning: text });

export const listJobsResult = element({
  Jobs: list(element({ JobId: requiredToken, JobType: direction, CreationDate: instant, IsCanceled: flag })),
  IsTruncated: flag.optional().transform((value) => value ?? false),
});

export type StatusResult = z.output<typeof getStatusResult>;
export type DocumentsResult = z.output<typeof getDocumentsResult>;
export type ListedJob = z.output<typeof listJobsResult>['Jobs'][number];

/** Only a name in this form is passed on: a key id is all capitals and digits, a key has digits. */
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
