/** Keeps items in the order of their creation: finds them by id, and lists them newest first without sorting. */
export class Register<Item extends { readonly id: string; readonly createdAt: number }> {
  readonly #byId = new Map<string, Entry<Item>>();
  /** Oldest first. */
  #entries: Entry<Item>[] = [];
  #sequence = 0;

  /** Accepts a past `createdAt`; of equal ones the later addition is the newer. */
  add(item: Item): void {
    const entry = { item, sequence: this.#sequence++ };
    this.#byId.set(item.id, entry);
    const newest = this.#entries.at(-1);
    if (newest === undefined || isOlder(newest, entry)) this.#entries.push(entry);
    else this.#entries.splice(this.#countOlderThan(entry), 0, entry);
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Item | undefined {
    return this.#byId.get(id)?.item;
  }

  remove(id: string): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    this.#byId.delete(id);
    this.#entries.splice(this.#countOlderThan(entry), 1);
  }

  /** Removes the items created before `instant` and returns them. */
  removeCreatedBefore(instant: number): readonly Item[] {
    const oldest = this.#entries[0];
    if (oldest === undefined || oldest.item.createdAt >= instant) return [];
    const count = this.#entries.findIndex(({ item }) => item.createdAt >= instant);
    const removed = this.#entries.splice(0, count === -1 ? this.#entries.length : count);
    for (const { item } of removed) this.#byId.delete(item.id);
    return removed.map(({ item }) => item);
  }

  /** All items, newest first; with `afterId` the older ones, or undefined if that item does not exist. */
  newestFirst(afterId?: string): Iterable<Item> | undefined {
    if (afterId === undefined) return this.#backwardsFrom(this.#entries.length);
    const after = this.#byId.get(afterId);
    return after && this.#backwardsFrom(this.#countOlderThan(after));
  }

  *#backwardsFrom(end: number): Generator<Item> {
    for (let index = end - 1; index >= 0; index -= 1) {
      const entry = this.#entries[index];
      if (entry !== undefined) yield entry.item;
    }
  }

  /** A binary search. */
  #countOlderThan(entry: Entry<Item>): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#entries[middle];
      if (candidate !== undefined && isOlder(candidate, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Entry<Item> {
  readonly item: Item;
  readonly sequence: number;
}

function isOlder<Item extends { readonly createdAt: number }>(a: Entry<Item>, b: Entry<Item>): boolean {
  return a.item.createdAt < b.item.createdAt || (a.item.createdAt === b.item.createdAt && a.sequence < b.sequence);
}

/** The first `limit` of `items`, and whether there are more. */
export function firstOf<Item>(items: Iterable<Item>, limit: number): { page: Item[]; hasMore: boolean } {
  const page: Item[] = [];
  for (const item of items) {
    if (page.length === limit) return { page, hasMore: true };
    page.push(item);
  }
  return { page, hasMore: false };
}
