import type { Answer } from './answer.ts';
import type { Incoming } from './incoming.ts';

/** One of the emulated services: either AWS service, or the storage behind the signed URLs. */
export interface Service {
  /** The names for request counts and scripted faults, such as `DataExchange.GetJob`. */
  readonly operations: readonly string[];
  /** The operation of the request, one of `operations`; undefined if it has none. */
  operationOf(incoming: Incoming): string | undefined;
  /** Never throws because of the request: a refusal is a response. */
  answer(incoming: Incoming): Answer;
  /** An error in the service's form, with its usual name for `status` or with `awsCode`. */
  errorAnswer(status: number, awsCode?: string): Answer;
}
