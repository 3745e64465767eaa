/**
 * Remembers which entries a connection has returned: all of this page, and through the cursor the last ones of earlier
 * pages.
 */
import { hash } from 'node:crypto';

/** More than the entries that appear between two pages, and few enough for each cursor of a page of 200. */
const maxRemembered = 40;

/** 48 bits: in one of 7,000,000,000,000 listings a new entry is mistaken for one of forty others. */
const digestLength = 8;

export const maxReturnedLength = maxRemembered * digestLength;

export class ReturnedEntries {
  /** The digests of entries of earlier pages. */
  readonly #earlier: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  /**
   * In the order in which the entries were returned. Those of this page are computed when a cursor needs them; most
   * cursors are not selected.
   */
  readonly #digests: (string | undefined)[];
  /** The ids of the entries of this page, in the same order. */
  readonly #ordered: string[] = [];

  /** `remembered` is the text in a cursor. */
  constructor(remembered = '') {
    this.#earlier = new Set(remembered.match(new RegExp(`.{${digestLength}}`, 'g')));
    this.#digests = [...this.#earlier];
  }

  /** Adds the entry; false if it was returned before. */
  add(id: string): boolean {
    if (this.#ids.has(id) || this.isOfEarlierPage(id)) return false;
    this.#ids.add(id);
    this.#ordered.push(id);
    return true;
  }

  /** Whether an earlier page returned the entry, as far as the cursor remembers. */
  isOfEarlierPage(id: string): boolean {
    return this.#earlier.size > 0 && this.#earlier.has(digestOf(id));
  }

  /** A snapshot of the entries returned so far. */
  snapshot(): ReturnedSnapshot {
    return new ReturnedSnapshot(this, this.#earlier.size + this.#ordered.length);
  }

  /** The last of the first `end` entries, as text. */
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

/** The entries returned up to one of them. Computes its text only when a cursor needs it. */
export class ReturnedSnapshot {
  readonly #returned: ReturnedEntries;
  readonly #end: number;

  constructor(returned: ReturnedEntries, end: number) {
    this.#returned = returned;
    this.#end = end;
  }

  /** The text that the constructor of `ReturnedEntries` takes. */
  toJSON(): string {
    return this.#returned.asText(this.#end);
  }
}

function digestOf(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, digestLength);
}
