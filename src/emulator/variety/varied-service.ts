import type { Answer } from '../answer.ts';
import type { Service } from '../service.ts';

/** Which answer is to be changed. */
export interface AnsweredCall {
  /** As `Service.operationOf` names it. */
  readonly operation: string;
  /** How many calls of the operation there have been, this one included. */
  readonly call: number;
}

/** `service` with its answers to the requests that it knows changed by `change`. */
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
