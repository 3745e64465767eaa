/** What is wrong with an input, one fault for each field, so that a page can show each where it belongs. Pure data. */

/** What a program, such as a translation, goes by. The schema describes each. */
export type FaultCode =
  | 'DUPLICATE'
  | 'IMPORTS_UNKNOWN'
  | 'IMPORT_FAILED'
  | 'IMPORT_UNDER_WAY'
  | 'INVALID_CHARACTERS'
  | 'INVALID_ID'
  /** There are more faults than are listed. */
  | 'INVALID_INPUT'
  | 'MUTUALLY_EXCLUSIVE'
  | 'NOT_REPEATABLE'
  | 'PATTERN'
  | 'REQUIRED'
  | 'REVISION_EMPTY'
  | 'TOO_FEW'
  | 'TOO_LONG'
  | 'TOO_MANY'
  | 'TOO_SHORT'
  | 'UNKNOWN_VALUE';

export interface FaultParameter {
  readonly name: string;
  readonly value: string;
}

export interface InputFault {
  /** Path from the input to the faulty member, list positions included. */
  readonly field: readonly string[];
  readonly code: FaultCode;
  /** Such as `min`, `max` and `received`. Never a value of the input. */
  readonly parameters: readonly FaultParameter[];
  /** A whole sentence that an end user may read. It names the field and does not show the value. */
  readonly message: string;
}

/** Max number of faults that are listed; one more then says that there are others. */
export const maxFaults = 100;

export function parametersFrom(values: Readonly<Record<string, number | string>>): readonly FaultParameter[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

/** The faults with their fields below `path`. */
export function faultsAt(path: readonly string[], faults: readonly InputFault[]): readonly InputFault[] {
  return faults.map((fault) => ({ ...fault, field: [...path, ...fault.field] }));
}

/**
 * The faults in the order of their fields in the schema: by name, and by position in a list, a field before its members.
 * The fault that says that there are others is the last.
 */
export function inFieldOrder(faults: readonly InputFault[]): readonly InputFault[] {
  const isLast = ({ code }: InputFault): number => Number(code === 'INVALID_INPUT');
  return faults.toSorted((one, other) => isLast(one) - isLast(other) || compareFields(one.field, other.field));
}

function compareFields(one: readonly string[], other: readonly string[]): number {
  for (const [index, name] of one.entries()) {
    const otherName = other[index];
    if (otherName === undefined) return 1;
    if (name !== otherName) return compareNames(name, otherName);
  }
  return one.length - other.length;
}

function compareNames(one: string, other: string): number {
  const positions = Number(one) - Number(other);
  if (!Number.isNaN(positions)) return positions;
  return one < other ? -1 : 1;
}
