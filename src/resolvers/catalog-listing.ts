/** Lists data sets, revisions or assets after a position, one page at a time. */
import type { CallOptions } from '../backends/calls/call-options.ts';
import type { CatalogPage, CatalogPageRequest } from '../backends/catalog-backend.ts';
import { dataExchangePageSize, ListReach } from '../backends/list-reach.ts';
import { BackendError } from '../model/errors.ts';
import type { CatalogPosition } from './catalog-cursor.ts';
import { entriesOf } from './page-entries.ts';
import { ReturnedEntries } from './returned-entries.ts';

/** A listing gives up after this many entries in a row that lie before the position or were returned before. */
const maxSkipped = 10_000;

export interface CatalogLists<Entry> {
  /** The lists of the service, read one after the other. */
  readonly parts: readonly ((request: CatalogPageRequest, options: CallOptions) => Promise<CatalogPage<Entry>>)[];
  /** The service's own id, by which an entry is found again in its list. */
  readonly idOf: (entry: Entry) => string;
}

/** An entry, or the error of an unreadable one, and the position after it. */
export interface ListedEntry<Entry> {
  readonly entry: Entry | BackendError;
  readonly position: CatalogPosition;
}

export interface CatalogListingOptions {
  /** The number of entries that the caller wants at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

type Pages<Entry> = AsyncGenerator<readonly ListedEntry<Entry>[], void>;

export async function* listCatalog<Entry>(
  list: CatalogLists<Entry>,
  from: CatalogPosition,
  options: CatalogListingOptions,
): Pages<Entry> {
  for (let part = from.part; part < list.parts.length; part += 1)
    yield* new PartListing(list, part === from.part ? from : { part }, options).pages();
}

/**
 * The entries of one list of the service. Only whole pages have a token. To find a position within a page, the listing
 * reads that page again and looks for the entry that was returned last, or, if that was deleted, for the last one that
 * the cursor remembers. So it needs no order, which the list of data sets of others does not have; and an entry that
 * appears before the position does not move it.
 */
class PartListing<Entry> {
  readonly #list: CatalogLists<Entry>;
  readonly #from: CatalogPosition;
  readonly #options: CatalogListingOptions;
  /** Filters duplicates: a list that shifts while it is read, or repeats a page, contains an entry twice. */
  readonly #returned: ReturnedEntries;
  #last: CatalogPosition;
  #isSearching: boolean;
  #reach = new ListReach(maxSkipped);

  constructor(list: CatalogLists<Entry>, from: CatalogPosition, options: CatalogListingOptions) {
    this.#list = list;
    this.#from = from;
    this.#options = options;
    this.#returned = new ReturnedEntries(from.given?.toJSON());
    this.#last = from;
    this.#isSearching = from.lastIndex !== undefined;
  }

  async *pages(): Pages<Entry> {
    const { limit } = this.#options;
    const seenTokens = new Set<string | undefined>();
    let { token } = this.#from;
    let size = limit + (this.#from.lastIndex ?? -1) + 1 + (this.#from.unreadable ?? 0);
    // Ends the loop if the service repeats a token.
    while (!seenTokens.has(token)) {
      seenTokens.add(token);
      const page = await this.#read(token, Math.min(dataExchangePageSize, size));
      const listed = this.#listed(page, token);
      if (listed.length > 0) yield listed;
      if (page.nextToken === null) break;
      this.#checkReach(page, listed.length > 0);
      token = page.nextToken;
      if (!this.#isSearching) this.#last = this.#atPage(token);
      size = this.#isSearching ? dataExchangePageSize : limit;
    }
    if (this.#isSearching) throw positionLost();
  }

  #read(token: string | undefined, limit: number): Promise<CatalogPage<Entry>> {
    const read = this.#list.parts[this.#from.part];
    if (read === undefined) throw positionLost();
    return read({ limit, ...(token !== undefined && { nextToken: token }) }, { signal: this.#options.signal });
  }

  /** The entries of `page` after the position; none while it is not found. */
  #listed(page: CatalogPage<Entry>, token: string | undefined): readonly ListedEntry<Entry>[] {
    const start = this.#isSearching ? this.#startOn(page) : 0;
    if (start === -1) return [];
    this.#isSearching = false;
    const listed: ListedEntry<Entry>[] = [];
    // Those that were returned already: they come before the first readable entry.
    let returnedBefore = this.#last.unreadable ?? 0;
    for (const item of entriesOf(page.entries, page.unreadable, start)) {
      if ('error' in item) {
        returnedBefore -= 1;
        if (returnedBefore >= 0) continue;
        this.#last = { ...this.#last, unreadable: (this.#last.unreadable ?? 0) + 1 };
        listed.push({ entry: item.error, position: this.#last });
        continue;
      }
      returnedBefore = 0;
      const { entry, index } = item;
      if (!this.#returned.add(this.#list.idOf(entry))) continue;
      this.#last = this.#after(entry, index, page, token);
      listed.push({ entry, position: this.#last });
    }
    return listed;
  }

  /** The index of the first entry of `page` after the position; -1 if the position is not on it. */
  #startOn({ entries }: CatalogPage<Entry>): number {
    const ids = entries.map(this.#list.idOf);
    const last = ids.indexOf(this.#from.lastId ?? '');
    if (last !== -1) return last + 1;
    const remembered = ids.findLastIndex((id) => this.#returned.isOfEarlierPage(id));
    return remembered === -1 ? -1 : remembered + 1;
  }

  /** After the last entry of a page, the next page's token, or the next list, is the better position: nothing is read twice. */
  #after(entry: Entry, index: number, page: CatalogPage<Entry>, token: string | undefined): CatalogPosition {
    const { entries, unreadable = [], nextToken } = page;
    const isLast = index === entries.length - 1 && !unreadable.some(({ before }) => before === entries.length);
    if (isLast && nextToken !== null) return this.#atPage(nextToken);
    const { part } = this.#from;
    if (isLast && part + 1 < this.#list.parts.length) return { part: part + 1 };
    return { part, token, lastId: this.#list.idOf(entry), lastIndex: index, given: this.#returned.snapshot() };
  }

  #atPage(token: string): CatalogPosition {
    return { part: this.#from.part, token, given: this.#returned.snapshot() };
  }

  #checkReach({ entries, unreadable, nextToken }: CatalogPage<Entry>, hasListed: boolean): void {
    if (hasListed) this.#reach = new ListReach(maxSkipped);
    else if (!this.#reach.canContinueAfter({ jobs: entries, ...(unreadable && { unreadable }), nextToken }))
      throw this.#isSearching ? positionLost() : endless();
  }
}

function positionLost(): BackendError {
  return new BackendError({
    service: 'DATA_EXCHANGE',
    code: 'INVALID_INPUT',
    message: 'The list has changed so much that the place of this cursor is lost. Start again without `after`.',
  });
}

function endless(): BackendError {
  return new BackendError({
    service: 'DATA_EXCHANGE',
    code: 'UPSTREAM_BAD_RESPONSE',
    message: 'AWS Data Exchange lists page after page without another entry.',
  });
}
