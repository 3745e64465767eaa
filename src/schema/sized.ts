/**
 * Adds the size limits of the parts of an input: for people to the description, for programs as the extension `size`.
 */
import { defaultPageSize, inputSize, rangeOf, type Size, sizes, textSize } from '../model/job-input-sizes.ts';

/** The options of a part of this `size`. Calls `describe` with its range, such as "1 to 100". */
export function sized(size: Size, describe: (range: string) => string) {
  return { description: describe(rangeOf(size)), extensions: { size } };
}

/** The options of `first`, an argument of each list. `entries` says what the list has, such as "jobs". */
export function pageSize(entries: string) {
  const describe = (range: string) => `How many ${entries} to give at most, from ${range}. Null means the default.`;
  return { defaultValue: defaultPageSize, required: false, ...sized(sizes.page, describe) } as const;
}

/** The options of an argument that holds a whole input. */
export function sizedInput(description: string) {
  const limits = `A text has ${rangeOf(textSize)} where its field says nothing else, and all of them together ${rangeOf(inputSize)}.`;
  return { description: `${description} ${limits}`, extensions: { size: inputSize } };
}
