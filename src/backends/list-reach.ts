/** Bounds a walk through a list: by jobs, by pages, and by page tokens that come again. */

/** The most jobs that one page brings: `MaxResults` of Data Exchange's ListJobs, by its model. */
export const dataExchangePageSize = 200;

/** `MaxJobs` of Import/Export's ListJobs, by its reference. */
export const importExportPageSize = 1_000;

interface Page {
  readonly jobs: readonly unknown[];
  readonly unreadable?: readonly unknown[];
  /** Of Data Exchange. */
  readonly nextToken?: string | null;
  /** Of Import/Export. */
  readonly nextMarker?: string | null;
}

/** `PageSize` shrinks pages of large jobs, down to one job. A page counts as at least ten, or a walk would take 200 times as many calls. */
const minCountedOfPage = 10;

/** Pages of a filtered list may be empty. This many of them end a walk that has found no job. */
const maxEmptyPages = 20;

export class ListReach {
  readonly #maxJobs: number;
  readonly #tokens = new Set<string>();
  #counted = 0;

  constructor(maxJobs: number) {
    this.#maxJobs = maxJobs;
  }

  /** Counts `page`. Whether to read the next one. */
  pass({ jobs, unreadable = [], nextToken, nextMarker }: Page): boolean {
    const token = nextToken ?? nextMarker ?? '';
    if (this.#tokens.has(token)) return false;
    this.#tokens.add(token);
    const entries = jobs.length + unreadable.length;
    this.#counted += entries === 0 ? this.#maxJobs / maxEmptyPages : Math.max(entries, minCountedOfPage);
    return this.#counted < this.#maxJobs;
  }
}
