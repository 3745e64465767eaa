/** Checks inputs that must have exactly one of several members. */
import { type InputFault, parametersFrom } from '../../model/input-fault.ts';

/** The fault of an input that has `received` of them. `says` is such as "The manifest must be of exactly one kind". */
export function notOneKind(received: number, says: string): InputFault {
  return {
    field: [],
    code: received === 0 ? 'REQUIRED' : 'MUTUALLY_EXCLUSIVE',
    parameters: parametersFrom({ min: 1, max: 1, received }),
    message: `${says}; ${received} were given.`,
  };
}
