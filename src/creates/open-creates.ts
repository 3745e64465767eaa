/** Lists the creates that need more work, for all gateways that share the store. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Collection } from '../store/collection.ts';
import type { Change, Range, Store } from '../store/store.ts';
import { kindOf } from './create-kind.ts';
import { type CreateRecord, isUnsettled, mayHaveLeftovers } from './create-record.ts';

/** `unsettled`: the outcome is unknown. `leftovers`: there may be jobs that no caller knows of. Sweeps go through both. */
export type Listing = 'unsettled' | 'leftovers';

/** `unfound`: a sweep found no job, so nothing is done until the key is used again, and the job may still be listed later. */
type StoredListing = Listing | 'unfound';

/** The collections' names, the first two as in stores of 0.1.0. */
const storedAs: Readonly<Record<StoredListing, string>> = {
  unsettled: 'unsettled',
  leftovers: 'untidy',
  unfound: 'unfound',
};

/** Longer than a create without a key takes. */
const announcedMs = 20_000;

export class OpenCreates {
  readonly #store: Store;
  readonly #clock: Clock;
  /** By kind and id of the records. Only the keys are read, not the values. */
  readonly #listings: Readonly<Record<StoredListing, Collection<string>>>;
  /** Creates without a key that are under way, by kind. */
  readonly #announced: Collection<string>;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#listings = {
      unsettled: new Collection(store, storedAs.unsettled, z.string()),
      leftovers: new Collection(store, storedAs.leftovers, z.string()),
      unfound: new Collection(store, storedAs.unfound, z.string()),
    };
    this.#announced = new Collection(store, 'announced', z.string());
  }

  /** The changes to write together with the record. */
  changesFor(id: string, record: CreateRecord): readonly Change[] {
    return [
      ...this.#listed('unsettled', id, record, isUnsettled(record)),
      ...this.#listed('leftovers', id, record, mayHaveLeftovers(record)),
    ];
  }

  /** Returns at most `limit` entries after the key `after`, each with the id of its record. */
  list(listing: Listing, after: string, limit: number): Promise<readonly (readonly [string, string])[]> {
    return this.#entriesIn(listing, { after, limit });
  }

  /** Returns the ids of at most `limit` listed creates of this kind. */
  async idsOf(listing: StoredListing, kind: string, limit: number): Promise<readonly string[]> {
    const entries = await this.#entriesIn(listing, { ...entryRangeOf(kind), limit });
    return entries.map(([, id]) => id);
  }

  /** The end of work on a listed create: nothing is left of it that later searches would have to expect. */
  remove(listing: Listing, entryKey: string): readonly Change[] {
    return [...this.#listings[listing].delete(entryKey), ...this.#listings.unfound.delete(entryKey)];
  }

  /**
   * From `unsettled` to `unfound`. A tag tells what one create made from what another made; a mark in a manifest does as
   * well, but updates of that manifest have to keep it.
   */
  setAside(id: string, entryKey: string, { service, expiresAt }: CreateRecord): readonly Change[] {
    const { unsettled, unfound } = this.#listings;
    const isTagged = service === 'DATA_SET' || service === 'REVISION';
    return [...unsettled.delete(entryKey), ...(isTagged ? [] : unfound.putUntil(expiresAt, entryKey, id))];
  }

  /** Whether there may be a create whose job is not known and whose kind begins with `start`, which ends with a slash. */
  async isAnyLike(start: string): Promise<boolean> {
    // The character after the slash.
    const range = { after: start, before: `${start.slice(0, -1)}0`, limit: 1 };
    const listed = await Promise.all([this.#entriesIn('unsettled', range), this.#entriesIn('unfound', range)]);
    return listed.some((entries) => entries.length > 0);
  }

  /** The ids of the creates of this kind whose jobs may not be known. */
  async idsLike(kind: string): Promise<readonly string[]> {
    const listed = await Promise.all([this.idsOf('unsettled', kind, 2), this.idsOf('unfound', kind, 2)]);
    return [...new Set(listed.flat())];
  }

  /** Whether a create of this kind, other than `id`, may have made a job that no record names. */
  async isOpen(kind: string, id: string): Promise<boolean> {
    const unsettled = await this.idsOf('unsettled', kind, 2);
    return unsettled.some((other) => other !== id) || this.isAnnounced(kind);
  }

  /** Whether a create of this kind without a key is under way: it has no record until its job is known. */
  async isAnnounced(kind: string): Promise<boolean> {
    const announced = await this.#announced.list({ ...entryRangeOf(kind) }, this.#clock.now());
    return announced.length > 0;
  }

  /** Announces a create without a key; the returned function withdraws it. */
  async announce(kind: string): Promise<() => Promise<void>> {
    const entryKey = entryKeyOf(kind, randomUUID());
    await this.#store.write(this.#announced.putUntil(this.#clock.now() + announcedMs, entryKey, ''), 'lazy');
    return () => this.#store.write(this.#announced.delete(entryKey), 'lazy');
  }

  async #entriesIn(listing: StoredListing, range: Range): Promise<readonly (readonly [string, string])[]> {
    const listed = await this.#store.list(storedAs[listing], range);
    return listed.map(([entryKey]) => [entryKey, entryKey.slice(entryKey.indexOf(' ') + 1)]);
  }

  #listed(listing: Listing, id: string, { trace, expiresAt }: CreateRecord, isListed: boolean): readonly Change[] {
    const entryKey = entryKeyOf(kindOf(trace), id);
    const entries = this.#listings[listing];
    return isListed ? entries.putUntil(expiresAt, entryKey, id) : entries.delete(entryKey);
  }
}

/** Kinds and ids contain no blank. */
function entryKeyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

/** `!` is the character after the blank. */
function entryRangeOf(kind: string): { readonly after: string; readonly before: string } {
  return { after: `${kind} `, before: `${kind}!` };
}
