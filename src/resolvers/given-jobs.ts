/** Which jobs a connection has given out: all of this page, and the last ones of the pages before it, as its cursor says. */
import { createHash } from 'node:crypto';

/** More than appear between two pages, and few enough for each cursor of a page of 200 to hold them. */
const maxRemembered = 40;

/** 48 bits: one in seven million million listings takes a new job for one of forty others. */
const digestLength = 8;

export const maxGivenLength = maxRemembered * digestLength;

export class GivenJobs {
  /** The one given out last comes last. */
  readonly #digests: Set<string>;

  /** `remembered` is what `toString` gave. */
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
