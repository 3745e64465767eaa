/** Builds the payload of a mutation: its result, or why the request was refused. */
import { type JobService, serviceNames } from '../model/job-state.ts';
import { invalidInput, type UserError } from './failures.ts';
import { jobRefFrom } from './global-id.ts';

type Nullable<Result> = { readonly [Name in keyof Result]: Result[Name] | null };

interface UserErrors {
  readonly userErrors: readonly UserError[];
}

/** If the request is refused, every member of the result is null. */
export type Payload<Result> = Nullable<Result> & UserErrors;

/** Thrown for a request that the gateway itself refuses. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly userErrors: readonly UserError[];

  constructor(...userErrors: readonly UserError[]) {
    super('The request was refused.');
    this.userErrors = userErrors;
  }
}

export interface PayloadOptions<Result> {
  /** The members of the result of a refused request. */
  readonly refused: { readonly [Name in keyof Result]: null };
  /** Converts what `attempt` threw into a user error. Rethrows it if the caller cannot correct it. */
  readonly errorFrom: (error: unknown) => UserError;
}

/** The payload of `attempt`, whose result may have `userErrors` of its own. */
export async function payloadOf<Result extends object>(
  { refused, errorFrom }: PayloadOptions<Result>,
  attempt: () => Promise<Nullable<Result> & Partial<UserErrors>>,
): Promise<Payload<Result>> {
  try {
    return { userErrors: [], ...(await attempt()) };
  } catch (error) {
    return { ...refused, userErrors: error instanceof Refusal ? error.userErrors : [errorFrom(error)] };
  }
}

/**
 * The service's own id of the job `id`, an argument of the mutation. Throws `Refusal` unless it is a job of `service`.
 */
export function awsJobIdFrom(id: string, service: JobService): string {
  const ref = jobRefFrom(id);
  if (ref?.service === service) return ref.awsJobId;
  throw new Refusal(invalidInput(['id'], `This is not the id of an ${serviceNames[service]} job.`));
}

export function userErrorsOf({ userErrors }: UserErrors): readonly UserError[] {
  return userErrors;
}
