/** One type of Data Exchange job: everything that is to be said of it is said in one file. */
import type { RequestDetails } from '@aws-sdk/client-dataexchange';
import { z } from 'zod';
import type { DataExchangeJobDetails, DataExchangeJobType } from '../../../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../../model/job-request.ts';
import { type PartialRead, readPartly } from '../../partial-read.ts';
import type { SignedUrlReader } from '../signed-url.ts';
import type { Member, Members } from './work-members.ts';

export type KnownJobType = Exclude<DataExchangeJobType, 'UNKNOWN'>;

/** A member of a request, each of which asks for one type of job. */
export type RequestBranch = keyof DataExchangeJobRequest;

export interface DetailsContext {
  readonly awsJobId: string;
  /** Null leaves signed URLs unread, as in a list. */
  readonly readSignedUrl: SignedUrlReader | null;
}

type Asked<Branch extends RequestBranch> = NonNullable<DataExchangeJobRequest[Branch]>;
type Told<Type extends KnownJobType> = Extract<DataExchangeJobDetails, { readonly type: Type }>;
type ValuesByName = Readonly<Record<string, unknown>>;

interface Definition<Branch extends RequestBranch, Type extends KnownJobType, Shape extends z.ZodRawShape> {
  readonly branch: Branch;
  readonly type: Type;
  /** The member of AWS's `Details` that belongs to the type. */
  readonly member: keyof RequestDetails & string;
  /** What the service could take, by the API's model, its reference and its User Guide; beyond them only what S3 never has. */
  readonly check: z.ZodType;
  /** The `Details` of CreateJob for a request that has been checked. */
  readonly detailsFor: (asked: Asked<Branch>) => RequestDetails;
  /** The members as the API reference lists them under `ResponseDetails`; null for those that are missing. */
  readonly shape: Shape;
  readonly detailsFrom: (given: z.output<z.ZodObject<Shape>>, context: DetailsContext) => DataExchangeJobDetails;
  /** How a reply treats each member of the request: by which a job is known to do what was asked for. */
  readonly sameWork: { readonly [Name in keyof Required<Asked<Branch>>]: Member };
  /** What `details` say under the names of the request. Absent where both have the same names. */
  readonly valuesIn?: (details: Told<Type>) => ValuesByName;
}

export interface JobType {
  readonly branch: RequestBranch;
  readonly type: KnownJobType;
  readonly check: z.ZodType;
  /** The `Details` of CreateJob for the type's branch of `request`; empty where that is not set. */
  readonly requestDetails: (request: DataExchangeJobRequest) => RequestDetails;
  /** Reads an answer's `Details`: null for members that cannot be read, and in place of details that are missing. */
  readonly readDetails: (details: unknown, context: DetailsContext) => PartialRead<DataExchangeJobDetails | null>;
  readonly sameWork: Members;
  readonly valuesIn: (details: DataExchangeJobDetails) => ValuesByName;
}

export function jobType<Branch extends RequestBranch, Type extends KnownJobType, Shape extends z.ZodRawShape>(
  definition: Definition<Branch, Type, Shape>,
): JobType {
  const { branch, type, check, sameWork, detailsFor, valuesIn } = definition;
  return {
    branch,
    type,
    check,
    sameWork,
    requestDetails: (request) => {
      const asked = request[branch];
      return asked === null || asked === undefined ? {} : detailsFor(asked);
    },
    readDetails: readerOf(definition),
    valuesIn: (details) => (valuesIn !== undefined && isOf(type, details) ? valuesIn(details) : { ...details }),
  };
}

function isOf<Type extends KnownJobType>(type: Type, details: DataExchangeJobDetails): details is Told<Type> {
  return details.type === type;
}

function readerOf<Branch extends RequestBranch, Type extends KnownJobType, Shape extends z.ZodRawShape>({
  member,
  shape,
  detailsFrom,
}: Definition<Branch, Type, Shape>): JobType['readDetails'] {
  const given = z.object(shape);
  const envelope = z.object({ Details: z.object({ [member]: given.nullish() }).nullish() });
  return (details, context) => {
    const { value, emptied } = readPartly(envelope, { Details: details });
    const found = value.Details?.[member];
    return { value: found ? detailsFrom(found, context) : null, emptied };
  };
}
