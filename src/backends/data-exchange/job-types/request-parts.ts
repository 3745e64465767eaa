/** The parts that requests of several types share: the check of a revision, and values as the SDK accepts them. */
import type { Maybe } from '../../../model/maybe.ts';
import { awsId } from '../constraints.ts';

export const checkedRevision = { dataSetId: awsId, revisionId: awsId };

/** The SDK sends nothing for undefined, and fails on some nulls. */
export function mapped<Value, Result>(value: Maybe<Value>, map: (value: Value) => Result): Result | undefined {
  return value === null || value === undefined ? undefined : map(value);
}

export function mutable(list: Maybe<readonly string[]>): string[] | undefined {
  return mapped(list, (items) => [...items]);
}
