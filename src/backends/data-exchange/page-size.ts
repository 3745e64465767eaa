/** Chooses the number of jobs to request per page: fewer for a while after a page was larger than a reply may be. */
import type { Clock } from '../../base/clock.ts';
import { BackendError } from '../../model/errors.ts';
import { BodyTooLargeError } from '../calls/transport.ts';

/** 200, 50, 12, 3, 1: at most four replies are too large. */
const shrinkBy = 4;

const rememberedMs = 10 * 60 * 1_000;

/** Shared by all reads of a client, as large jobs are often neighbours in the list that all of them read. */
export class PageSize {
  readonly #clock: Clock;
  #largest = Number.POSITIVE_INFINITY;
  #until = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `read` for at most `limit` jobs, and again for fewer where its reply is too large. Throws as `read` does. */
  async fitting<Page>(limit: number, read: (limit: number) => Promise<Page>): Promise<Page> {
    for (let size = Math.min(limit, this.#remembered()); ; size = this.#smallerThan(size)) {
      try {
        return await read(size);
      } catch (error) {
        if (size === 1 || !isTooLarge(error)) throw error;
      }
    }
  }

  #remembered(): number {
    if (this.#clock.monotonicMs() >= this.#until) this.#largest = Number.POSITIVE_INFINITY;
    return this.#largest;
  }

  #smallerThan(size: number): number {
    this.#largest = Math.min(this.#remembered(), Math.max(1, Math.floor(size / shrinkBy)));
    this.#until = this.#clock.monotonicMs() + rememberedMs;
    return this.#largest;
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof BackendError && error.cause instanceof BodyTooLargeError;
}
