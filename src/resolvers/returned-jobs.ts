/** Remembers which jobs a connection has returned: all of this page, and by the cursor the last ones of earlier pages. */
import { createHash } from 'node:crypto';

/** More than the jobs that appear between two pages, and few enough for each cursor of a page of 200. */
const maxRemembered = 40;

/** 48 bits: in one of 7,000,000,000,000 listings a new job is taken for one of forty others. */
const digestLength = 8;

export const maxReturnedLength = maxRemembered * digestLength;

export class ReturnedJobs {
  /** In the order in which the jobs were returned. */
  readonly #digests: Set<string>;

  /** `remembered` is the result of `toString`. */
  constructor(remembered = '') {
    this.#digests = new Set(remembered.match(new RegExp(`.{${digestLength}}`, 'g')));
  }

  get size(): number {
    return this.#digests.size;
  }

  has(awsJobId: string): boolean {
    return this.#digests.has(digestOf(awsJobId));
  }

  add(awsJobId: string): void {
    this.#digests.add(digestOf(awsJobId));
  }

  toString(): string {
    return [...this.#digests].slice(-maxRemembered).join('');
  }
}

function digestOf(awsJobId: string): string {
  return createHash('sha256').update(awsJobId).digest('base64url').slice(0, digestLength);
}
