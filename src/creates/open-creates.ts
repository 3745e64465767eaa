/** Which creates have something left to be done, for every gateway to see that shares the store. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Collection } from '../store/collection.ts';
import type { Change, Range, Store } from '../store/store.ts';
import { kindOf } from './create-kind.ts';
import { type CreateRecord, isUnsettled, mayHaveLeftovers } from './create-record.ts';

/** `unsettled`: the outcome is to be found out. `leftovers`: there may be jobs that nobody was told of. */
export type Listing = 'unsettled' | 'leftovers';

/** The names of the collections, as stores of 0.1.0 have them. */
const storedAs: Readonly<Record<Listing, string>> = { unsettled: 'unsettled', leftovers: 'untidy' };

/** Longer than a create without a key can be under way. */
const announcedMs = 20_000;

export class OpenCreates {
  readonly #store: Store;
  readonly #clock: Clock;
  /** By kind and id of the records. What the entries hold is not read: their places say all. */
  readonly #listings: Readonly<Record<Listing, Collection<string>>>;
  /** Creates without a key that are under way, by kind. */
  readonly #announced: Collection<string>;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#listings = {
      unsettled: new Collection(store, storedAs.unsettled, z.string()),
      leftovers: new Collection(store, storedAs.leftovers, z.string()),
    };
    this.#announced = new Collection(store, 'announced', z.string());
  }

  /** To be written with the record. */
  changesFor(id: string, record: CreateRecord): readonly Change[] {
    return [
      ...this.#listed('unsettled', id, record, isUnsettled(record)),
      ...this.#listed('leftovers', id, record, mayHaveLeftovers(record)),
    ];
  }

  /** At most `limit` of those listed, with the ids of their records, from behind the place `after`. */
  list(listing: Listing, after: string, limit: number): Promise<readonly (readonly [string, string])[]> {
    return this.#placesIn(listing, { after, limit });
  }

  /** Ids of at most `limit` creates of this kind that are listed so. */
  async idsOf(listing: Listing, kind: string, limit: number): Promise<readonly string[]> {
    const places = await this.#placesIn(listing, { ...placesOf(kind), limit });
    return places.map(([, id]) => id);
  }

  remove(listing: Listing, place: string): readonly Change[] {
    return this.#listings[listing].delete(place);
  }

  /** Whether a create of this kind may have made a job that is not on record, the create `id` aside. */
  async isOpen(kind: string, id: string): Promise<boolean> {
    const unsettled = await this.idsOf('unsettled', kind, 2);
    return unsettled.some((other) => other !== id) || this.isAnnounced(kind);
  }

  /** Whether a create of this kind without a key is under way: it has no record until its job is known. */
  async isAnnounced(kind: string): Promise<boolean> {
    const announced = await this.#announced.list({ ...placesOf(kind) }, this.#clock.now());
    return announced.length > 0;
  }

  /** Announces a create without a key; the function it gives takes that back. */
  async announce(kind: string): Promise<() => Promise<void>> {
    const place = placeOf(kind, randomUUID());
    await this.#store.write(this.#announced.putUntil(this.#clock.now() + announcedMs, place, ''), 'lazy');
    return () => this.#store.write(this.#announced.delete(place), 'lazy');
  }

  async #placesIn(listing: Listing, range: Range): Promise<readonly (readonly [string, string])[]> {
    const listed = await this.#store.list(storedAs[listing], range);
    return listed.map(([place]) => [place, place.slice(place.indexOf(' ') + 1)]);
  }

  #listed(listing: Listing, id: string, { trace, expiresAt }: CreateRecord, isListed: boolean): readonly Change[] {
    const place = placeOf(kindOf(trace), id);
    const entries = this.#listings[listing];
    return isListed ? entries.putUntil(expiresAt, place, id) : entries.delete(place);
  }
}

/** Neither a kind nor an id has a blank in it. */
function placeOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

/** Up to the character after the blank. */
function placesOf(kind: string): { readonly after: string; readonly before: string } {
  return { after: `${kind} `, before: `${kind}!` };
}
