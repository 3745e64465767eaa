/** How far a walk through a list goes: over a number of jobs, however few of them a page brings, and never in a circle. */

/** The most jobs that one page brings: `MaxResults` of Data Exchange's ListJobs, by its model. */
export const dataExchangePageSize = 200;

/** `MaxJobs` of Import/Export's ListJobs, by its reference. */
export const importExportPageSize = 1_000;

interface Page {
  readonly jobs: readonly unknown[];
  readonly unreadable?: readonly unknown[];
  /** Where Data Exchange goes on. */
  readonly nextToken?: string | null;
  /** Where Import/Export does. */
  readonly nextMarker?: string | null;
}

/** Pages shrink while jobs are large, down to one job; a walk must not take two hundred times as many calls then. */
const leastOfPage = 10;

/** Pages of a filtered list may be empty; this many of them end a walk that has met no job. */
const maxEmptyPages = 20;

export class ListReach {
  readonly #maxJobs: number;
  readonly #places = new Set<string>();
  #passed = 0;

  constructor(maxJobs: number) {
    this.#maxJobs = maxJobs;
  }

  /** Whether to go on behind `page`, where it leads on. */
  pass({ jobs, unreadable = [], nextToken, nextMarker }: Page): boolean {
    const place = nextToken ?? nextMarker ?? '';
    if (this.#places.has(place)) return false;
    this.#places.add(place);
    const entries = jobs.length + unreadable.length;
    this.#passed += entries === 0 ? this.#maxJobs / maxEmptyPages : Math.max(entries, leastOfPage);
    return this.#passed < this.#maxJobs;
  }
}
