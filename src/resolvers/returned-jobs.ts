/** Remembers which jobs a connection has returned: all of this page, and by the cursor the last ones of earlier pages. */
import { createHash } from 'node:crypto';

/** More than the jobs that appear between two pages, and few enough for each cursor of a page of 200. */
const maxRemembered = 40;

/** 48 bits: in one of 7,000,000,000,000 listings a new job is taken for one of forty others. */
const digestLength = 8;

export const maxReturnedLength = maxRemembered * digestLength;

export class ReturnedJobs {
  /** The digests of jobs of earlier pages. */
  readonly #earlier: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  /** In the order in which the jobs were returned. Those of this page are computed when a cursor needs them: most have none. */
  readonly #digests: (string | undefined)[];
  /** Of the jobs of this page, in the same order. */
  readonly #ordered: string[] = [];

  /** `remembered` is what `asText` gave. */
  constructor(remembered = '') {
    this.#earlier = new Set(remembered.match(new RegExp(`.{${digestLength}}`, 'g')));
    this.#digests = [...this.#earlier];
  }

  /** Whether the job is new here. */
  add(awsJobId: string): boolean {
    if (this.#ids.has(awsJobId) || (this.#earlier.size > 0 && this.#earlier.has(digestOf(awsJobId)))) return false;
    this.#ids.add(awsJobId);
    this.#ordered.push(awsJobId);
    return true;
  }

  /** The last jobs as text, as they are now, whenever it is asked for. */
  asText(): () => string {
    const end = this.#earlier.size + this.#ordered.length;
    return () => {
      const start = Math.max(0, end - maxRemembered);
      return Array.from({ length: end - start }, (_, index) => this.#digestAt(start + index)).join('');
    };
  }

  #digestAt(index: number): string {
    const known = this.#digests[index] ?? digestOf(this.#ordered[index - this.#earlier.size] ?? '');
    this.#digests[index] = known;
    return known;
  }
}

/** `position` with the jobs returned until now as `given`, which is made when a cursor is: most positions become none. */
export function positionWith<Position extends object>(position: Position, returned: ReturnedJobs) {
  const text = returned.asText();
  return {
    ...position,
    get given(): string {
      return text();
    },
  };
}

function digestOf(awsJobId: string): string {
  return createHash('sha256').update(awsJobId).digest('base64url').slice(0, digestLength);
}
