/** Wraps a service so that its responses can be changed. */
import type { Answer } from '../answer.ts';
import type { Service } from '../service.ts';

/** The call whose response may be changed. */
export interface AnsweredCall {
  /** As `Service.operationOf` names it. */
  readonly operation: string;
  /** The number of calls of the operation so far, including this one. */
  readonly call: number;
}

/** `service`, with each response changed by `change`. */
export function variedService(service: Service, change: (answer: Answer, answered: AnsweredCall) => Answer): Service {
  const calls = new Map<string, number>();
  return {
    operations: service.operations,
    operationOf: (incoming) => service.operationOf(incoming),
    errorAnswer: (status, awsCode) => service.errorAnswer(status, awsCode),
    answer: (incoming) => {
      const operation = service.operationOf(incoming) ?? '';
      const call = (calls.get(operation) ?? 0) + 1;
      calls.set(operation, call);
      return change(service.answer(incoming), { operation, call });
    },
  };
}
