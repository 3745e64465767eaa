import type { Answer } from './answer.ts';
import type { Incoming } from './incoming.ts';

/** One of the things the emulator imitates: either AWS service, or the storage behind the signed URLs. */
export interface Service {
  /** The names that requests are counted and faults are scripted under, such as `DataExchange.GetJob`. */
  readonly operations: readonly string[];
  /** Which of `operations` the request asks for; undefined where it asks for none. */
  operationOf(incoming: Incoming): string | undefined;
  /** Never throws on account of the request: a refusal is an answer. */
  answer(incoming: Incoming): Answer;
  /** An error in the service's own form, under its usual name for `status` unless `awsCode` gives another. */
  errorAnswer(status: number, awsCode?: string): Answer;
}
