/** Builds the payload of a mutation: its result, or why the request was refused. */
import { type InputFault, inFieldOrder } from '../model/input-fault.ts';
import type { Context } from './context.ts';
import { type UserError, userErrorFromFault } from './failures.ts';

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

  /** In any order: clients receive them in the order of the fields in the schema. */
  constructor(...faults: readonly InputFault[]) {
    super('The request was refused.');
    this.userErrors = inFieldOrder(faults).map(userErrorFromFault);
  }
}

export interface PayloadOptions<Result> {
  readonly context: Pick<Context, 'noteFailure'>;
  /** The members of the result of a refused request. */
  readonly refused: { readonly [Name in keyof Result]: null };
  /** Converts what `attempt` threw into user errors. Rethrows it if the caller cannot correct it. */
  readonly errorsFrom: (error: unknown) => readonly UserError[];
}

/** The payload of `attempt`, whose result may have `userErrors` of its own. */
export async function payloadOf<Result extends object>(
  { context, refused, errorsFrom }: PayloadOptions<Result>,
  attempt: () => Promise<Nullable<Result> & Partial<UserErrors>>,
): Promise<Payload<Result>> {
  const payload = await attempted(attempt, refused, errorsFrom);
  for (const { code } of payload.userErrors) context.noteFailure(code);
  return payload;
}

async function attempted<Result extends object>(
  attempt: () => Promise<Nullable<Result> & Partial<UserErrors>>,
  refused: PayloadOptions<Result>['refused'],
  errorsFrom: PayloadOptions<Result>['errorsFrom'],
): Promise<Payload<Result>> {
  try {
    return { userErrors: [], ...(await attempt()) };
  } catch (error) {
    return { ...refused, userErrors: error instanceof Refusal ? error.userErrors : errorsFrom(error) };
  }
}

export function userErrorsOf({ userErrors }: UserErrors): readonly UserError[] {
  return userErrors;
}
