/** Makes a type of Data Exchange job from the definition in its file. */
import type { RequestDetails } from '@aws-sdk/client-dataexchange';
import { z } from 'zod';
import type { DataExchangeJobDetails, KnownJobType } from '../../../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../../model/data-exchange-request.ts';
import type { Check } from '../../input/checks.ts';
import { type PartialRead, readPartly } from '../../partial-read.ts';
import type { FieldOf, NamedResource } from '../refusal.ts';
import type { SignedUrlReader } from '../signed-url.ts';
import type { Member, Members } from './work-members.ts';

/** A member of a request. Each requests one type of job. */
export type RequestBranch = keyof DataExchangeJobRequest;

export interface DetailsContext {
  readonly awsJobId: string;
  /** Null leaves signed URLs unread, as in a list. */
  readonly readSignedUrl: SignedUrlReader | null;
}

type RequestOf<Branch extends RequestBranch> = NonNullable<DataExchangeJobRequest[Branch]>;
type DetailsOf<Type extends KnownJobType> = Extract<DataExchangeJobDetails, { readonly type: Type }>;
type ValuesByName = Readonly<Record<string, unknown>>;
type Path = readonly string[];

interface Definition<Branch extends RequestBranch, Type extends KnownJobType, Shape extends z.ZodRawShape> {
  readonly branch: Branch;
  readonly type: Type;
  /** The member of AWS's `Details` that belongs to the type. */
  readonly member: keyof RequestDetails & string;
  /** Refuses only what the API's model, its reference or its User Guide exclude, and what S3 never has. */
  readonly check: Check;
  /** The `Details` of CreateJob for a request that has been checked. */
  readonly awsDetailsFrom: (request: RequestOf<Branch>) => RequestDetails;
  /** The members as the API reference lists them under `ResponseDetails`; null for those that are missing. */
  readonly shape: Shape;
  readonly detailsFrom: (members: z.output<z.ZodObject<Shape>>, context: DetailsContext) => DetailsOf<Type>;
  /** How a reply treats each member of the request. By this the gateway recognises a job that does the same work. */
  readonly sameWork: { readonly [Name in keyof Required<RequestOf<Branch>>]: Member };
  /** The values of `details` under the names of the request. Absent where both have the same names. */
  readonly valuesIn?: (details: DetailsOf<Type>) => ValuesByName;
  /** Where the request names `resource`, if not as `dataSetId` or `revisionId`. Absent where it names no other. */
  readonly fieldOf?: (resource: NamedResource, request: RequestOf<Branch>) => Path | undefined;
}

export interface JobType<Type extends KnownJobType = KnownJobType> {
  readonly branch: RequestBranch;
  readonly type: Type;
  readonly check: Check;
  /** The `Details` of CreateJob for the type's branch of `request`; empty where that is not set. */
  readonly requestDetails: (request: DataExchangeJobRequest) => RequestDetails;
  /** Reads an answer's `Details`. Members that cannot be read are null, and so are missing details. */
  readonly readDetails: (details: unknown, context: DetailsContext) => PartialRead<DataExchangeJobDetails | null>;
  readonly sameWork: Members;
  readonly valuesIn: (details: DataExchangeJobDetails) => ValuesByName;
  /** Where `request` names the resource that the service does not have, or whose state does not allow the job. */
  readonly fieldOf: (request: DataExchangeJobRequest) => FieldOf;
}

export function jobType<Branch extends RequestBranch, Type extends KnownJobType, Shape extends z.ZodRawShape>(
  definition: Definition<Branch, Type, Shape>,
): JobType<Type> {
  const { branch, type, check, sameWork, awsDetailsFrom, valuesIn, fieldOf } = definition;
  return {
    branch,
    type,
    check,
    sameWork,
    requestDetails: (request) => {
      const requested = request[branch];
      return requested === null || requested === undefined ? {} : awsDetailsFrom(requested);
    },
    readDetails: readerOf(definition),
    valuesIn: (details) => (valuesIn !== undefined && isOf(type, details) ? valuesIn(details) : { ...details }),
    fieldOf: (request) => (resource) => {
      const requested = request[branch];
      const own = requested === null || requested === undefined ? undefined : fieldOf?.(resource, requested);
      const path = own ?? fieldsByResource.get(resource.type);
      return path && [branch, ...path];
    },
  };
}

const fieldsByResource: ReadonlyMap<string, Path> = new Map([
  ['DATA_SET', ['dataSetId']],
  ['REVISION', ['revisionId']],
]);

function isOf<Type extends KnownJobType>(type: Type, details: DataExchangeJobDetails): details is DetailsOf<Type> {
  return details.type === type;
}

function readerOf<Branch extends RequestBranch, Type extends KnownJobType, Shape extends z.ZodRawShape>({
  member,
  shape,
  detailsFrom,
}: Definition<Branch, Type, Shape>): JobType['readDetails'] {
  const members = z.object(shape);
  const envelope = z.object({ Details: z.object({ [member]: members.nullish() }).nullish() });
  return (details, context) => {
    const { value, emptied } = readPartly(envelope, { Details: details });
    const read = value.Details?.[member];
    return { value: read ? detailsFrom(read, context) : null, emptied };
  };
}
