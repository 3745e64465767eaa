/**
 * Remembers which jobs a connection has returned: all of this page, and through the cursor the last ones of earlier
 * pages.
 */
import { hash } from 'node:crypto';

/** More than the jobs that appear between two pages, and few enough for each cursor of a page of 200. */
const maxRemembered = 40;

/** 48 bits: in one of 7,000,000,000,000 listings a new job is mistaken for one of forty others. */
const digestLength = 8;

export const maxReturnedLength = maxRemembered * digestLength;

export class ReturnedJobs {
  /** The digests of jobs of earlier pages. */
  readonly #earlier: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  /**
   * In the order in which the jobs were returned. Those of this page are computed when a cursor needs them; most
   * cursors are not selected.
   */
  readonly #digests: (string | undefined)[];
  /** The ids of the jobs of this page, in the same order. */
  readonly #ordered: string[] = [];

  /** `remembered` is the text in a cursor. */
  constructor(remembered = '') {
    this.#earlier = new Set(remembered.match(new RegExp(`.{${digestLength}}`, 'g')));
    this.#digests = [...this.#earlier];
  }

  /** Adds the job; false if it was returned before. */
  add(awsJobId: string): boolean {
    if (this.#ids.has(awsJobId) || this.isOfEarlierPage(awsJobId)) return false;
    this.#ids.add(awsJobId);
    this.#ordered.push(awsJobId);
    return true;
  }

  /** Whether an earlier page returned the job, as far as the cursor remembers. */
  isOfEarlierPage(awsJobId: string): boolean {
    return this.#earlier.size > 0 && this.#earlier.has(digestOf(awsJobId));
  }

  /** A snapshot of the jobs returned so far. */
  snapshot(): ReturnedSnapshot {
    return new ReturnedSnapshot(this, this.#earlier.size + this.#ordered.length);
  }

  /** The last of the first `end` jobs, as text. */
  asText(end: number): string {
    const start = Math.max(0, end - maxRemembered);
    return Array.from({ length: end - start }, (_, index) => this.#digestAt(start + index)).join('');
  }

  #digestAt(index: number): string {
    const known = this.#digests[index] ?? digestOf(this.#ordered[index - this.#earlier.size] ?? '');
    this.#digests[index] = known;
    return known;
  }
}

/** The jobs returned up to one job. Computes its text only when a cursor needs it. */
export class ReturnedSnapshot {
  readonly #returned: ReturnedJobs;
  readonly #end: number;

  constructor(returned: ReturnedJobs, end: number) {
    this.#returned = returned;
    this.#end = end;
  }

  /** The text that the constructor of `ReturnedJobs` takes. */
  toJSON(): string {
    return this.#returned.asText(this.#end);
  }
}

function digestOf(awsJobId: string): string {
  return hash('sha256', awsJobId, 'base64url').slice(0, digestLength);
}
