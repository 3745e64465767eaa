/** The entries of a page in their order, the unreadable ones among them. */
import type { UnreadableEntry } from '../backends/list-entries.ts';

export type PageEntry<Entry> = { readonly entry: Entry; readonly index: number } | UnreadableEntry;

/** Begins with the unreadable entries right before the entry at index `start`. */
export function* entriesOf<Entry>(
  entries: readonly Entry[],
  unreadable: readonly UnreadableEntry[] = [],
  start = 0,
): Generator<PageEntry<Entry>, void> {
  for (let index = start; index <= entries.length; index += 1) {
    yield* unreadable.filter(({ before }) => before === index);
    const entry = entries[index];
    if (entry !== undefined) yield { entry, index };
  }
}
