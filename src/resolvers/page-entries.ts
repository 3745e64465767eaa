/** The entries of a page in their order: jobs or what a catalog has, and unreadable entries. */
import type { UnreadableEntry } from '../backends/list-entries.ts';

export type PageEntry<J> = { readonly job: J; readonly index: number } | UnreadableEntry;

/** Begins with the unreadable entries right before the job at index `start`. */
export function* entriesOf<J>(
  { jobs, unreadable = [] }: { readonly jobs: readonly J[]; readonly unreadable?: readonly UnreadableEntry[] },
  start = 0,
): Generator<PageEntry<J>, void> {
  for (let index = start; index <= jobs.length; index += 1) {
    yield* unreadable.filter(({ before }) => before === index);
    const job = jobs[index];
    if (job !== undefined) yield { job, index };
  }
}
