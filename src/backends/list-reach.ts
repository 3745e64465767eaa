/** Ends a walk through a list after a number of jobs or of empty pages, or at a page token that repeats. */

/** Max jobs of a page: `MaxResults` of Data Exchange's ListJobs, by its model. */
export const dataExchangePageSize = 200;

/** Max jobs of a page: `MaxJobs` of Import/Export's ListJobs, by its reference. */
export const importExportPageSize = 1_000;

interface Page {
  readonly jobs: readonly unknown[];
  readonly unreadable?: readonly unknown[];
  /** Of Data Exchange. */
  readonly nextToken?: string | null;
  /** Of Import/Export. */
  readonly nextMarker?: string | null;
}

/**
 * A page counts as at least ten jobs. `PageSize` shrinks pages of large jobs, down to one job, and a walk could then
 * take 200 times as many calls.
 */
const minCountedOfPage = 10;

/** Pages of a filtered list may be empty. This number of them ends a walk that has found no job. */
const maxEmptyPages = 20;

export class ListReach {
  readonly #maxJobs: number;
  readonly #tokens = new Set<string>();
  #counted = 0;

  constructor(maxJobs: number) {
    this.#maxJobs = maxJobs;
  }

  /** Counts `page`, and returns whether to read the next one. */
  canContinueAfter({ jobs, unreadable = [], nextToken, nextMarker }: Page): boolean {
    const token = nextToken ?? nextMarker ?? '';
    if (this.#tokens.has(token)) return false;
    this.#tokens.add(token);
    const entries = jobs.length + unreadable.length;
    this.#counted += entries === 0 ? this.#maxJobs / maxEmptyPages : Math.max(entries, minCountedOfPage);
    return this.#counted < this.#maxJobs;
  }
}
