/**
 * The records of creates in the store. Several gateways may work on the same record, so each write is conditional on
 * the value read: of two attempts one is dispatched, and one job is bound.
 */
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Collection, UnreadableEntryError } from '../store/collection.ts';
import type { Change, Store } from '../store/store.ts';
import { bound, type CreateRecord, createRecord, isSameAttempt, isUnsettled, type Rejection } from './create-record.ts';
import { type Listing, OpenCreates } from './open-creates.ts';
import { Taken } from './taken.ts';

/** Keys are kept for their promised time: a full store refuses new ones instead of dropping old ones. */
export const maxRecords = 200_000;

/** Counts all records again after this many of its own, as other gateways add some too. */
const recountAfter = 1_000;

/** A record of a listing, with its key in the listing. */
export interface Listed {
  readonly id: string;
  readonly entryKey: string;
  readonly record: CreateRecord | 'unreadable' | undefined;
}

/** Max number of unreadable records that are reported. */
const maxUnreadable = 10_000;

/** Max number of other creates that are read to count the possible jobs of one kind. */
const maxOthers = 100;

export interface RecordListeners {
  /** Called once for each record that another version of the gateway wrote and this one cannot read. */
  readonly onUnreadable?: (() => void) | undefined;
  /** Called when a key cannot be kept, as there are too many. */
  readonly onFull?: (() => void) | undefined;
}

export class CreateRecords {
  readonly open: OpenCreates;
  readonly taken: Taken;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #records: Collection<CreateRecord>;
  /** The gateway that sweeps. */
  readonly #claims: Collection<string>;
  /** Unreadable records that have been reported. */
  readonly #unreadable = new Set<string>();
  readonly #listeners: RecordListeners;
  #freeSlots = 0;

  constructor(store: Store, clock: Clock, listeners: RecordListeners = {}) {
    this.#listeners = listeners;
    this.open = new OpenCreates(store, clock);
    this.taken = new Taken(store, clock);
    this.#store = store;
    this.#clock = clock;
    this.#records = new Collection(store, 'creates', createRecord);
    this.#claims = new Collection(store, 'claims', z.string());
  }

  /** Throws `UnreadableEntryError` for a record that cannot be read: its create must not be sent again. */
  async get(id: string): Promise<CreateRecord | undefined> {
    try {
      return await this.#records.get(id, this.#clock.now());
    } catch (error) {
      if (error instanceof UnreadableEntryError) this.#reportUnreadable(id);
      throw error;
    }
  }

  /** The other creates of this kind that may have made jobs which no record names, as far as they can be read. */
  async otherOpenCreates(kind: string, id: string): Promise<readonly CreateRecord[]> {
    const listed = await Promise.all([
      this.open.idsOf('unsettled', kind, maxOthers),
      this.open.idsOf('leftovers', kind, maxOthers),
      this.open.idsOf('unfound', kind, maxOthers),
    ]);
    const ids = new Set(listed.flat().filter((other) => other !== id));
    const records = await Promise.all([...ids].map((other) => this.#readable(other)));
    return records.filter((record) => record !== undefined && record !== 'unreadable');
  }

  /**
   * Writes the record to disk before it resolves. Returns false if the record is no longer `earlier`, as another
   * gateway was first: then nothing may be sent.
   */
  async dispatch(id: string, record: CreateRecord, earlier: CreateRecord | undefined): Promise<boolean> {
    const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
    if (!isSameAttempt(kept, earlier)) return false;
    await this.#reserveSlot();
    return this.#store.writeIf([asRead], this.#changesFor(id, record));
  }

  /**
   * Binds the job to the record, unless another job is bound. Returns the record after that; undefined if the job is
   * taken or there is no record. One that the store has lost is written again if the caller has it as `attempt`.
   */
  async bind(id: string, awsId: string, attempt?: CreateRecord): Promise<CreateRecord | undefined> {
    for (;;) {
      const { value, asRead } = await this.#records.find(id, this.#clock.now());
      const kept = value ?? attempt;
      if (kept === undefined || !isUnsettled(kept)) return kept;
      const taking = await this.taken.takeFor(id, kept.service, awsId);
      if (taking === undefined) return undefined;
      const record = bound(kept, awsId);
      const changes = [...this.#changesFor(id, record), ...taking.changes];
      if (await this.#store.writeIf([asRead, taking.expected], changes)) return record;
    }
  }

  /**
   * The record as it is now. If the store has lost it, as an emptied Redis has, `record` is written again: what is known
   * of an attempt must not be forgotten, or the key's next use would send another one. Undefined if it has expired.
   */
  async kept(id: string, record: CreateRecord): Promise<CreateRecord | undefined> {
    for (;;) {
      const { value, asRead } = await this.#records.find(id, this.#clock.now());
      if (value !== undefined || record.expiresAt <= this.#clock.now()) return value;
      const again: CreateRecord = isUnsettled(record) ? { ...record, state: 'UNKNOWN' } : record;
      if (await this.#store.writeIf([asRead], this.#changesFor(id, again))) return again;
    }
  }

  /**
   * Resolves if what was read before survives a failover, checked by a write after it: a read may show what no replica has
   * yet. Throws what the store throws.
   */
  assertLasting(): Promise<void> {
    return this.#store.write([{ collection: 'probe', key: 'lasting', value: this.#clock.now() }], 'durable');
  }

  /** Records the rejection; without one, deletes the record and frees the key. */
  reject(id: string, attempt: CreateRecord, rejection: Rejection | undefined): Promise<void> {
    if (rejection !== undefined) return this.#finish(id, attempt, { ...attempt, state: 'REJECTED', rejection });
    return this.#finish(id, attempt, undefined);
  }

  /** Undoes an attempt that has certainly made no job: the record is as after the attempts before. */
  withdraw(id: string, attempt: CreateRecord, earlier: CreateRecord): Promise<void> {
    return this.#finish(id, attempt, { ...earlier, state: 'UNKNOWN' });
  }

  /**
   * Records that the attempt is over with an unknown outcome. If this write fails nothing is lost: `DISPATCHED` may
   * mean the same.
   */
  leave(id: string, attempt: CreateRecord): Promise<void> {
    return this.#finish(id, attempt, { ...attempt, state: 'UNKNOWN' });
  }

  /**
   * Notes that nothing links the attempt to what it makes any more, as the service has refused its mark. Undefined if
   * another gateway has continued the create.
   */
  async untrace(id: string, attempt: CreateRecord): Promise<CreateRecord | undefined> {
    const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
    if (!isSameAttempt(kept, attempt)) return undefined;
    const untraced = { ...attempt, trace: null };
    const changes = [...this.#unlisted(id, attempt), ...this.#changesFor(id, untraced)];
    return (await this.#store.writeIf([asRead], changes)) ? untraced : undefined;
  }

  /** Returns at most `limit` records of a listing whose keys follow `after`. */
  async list(listing: Listing, after: string, limit: number): Promise<readonly Listed[]> {
    const entries = await this.open.list(listing, after, limit);
    return Promise.all(entries.map(async ([entryKey, id]) => ({ id, entryKey, record: await this.#readable(id) })));
  }

  /** Removes a record from a listing, unless it has changed since it was read. */
  remove(listing: Listing, listed: Listed): Promise<void> {
    return this.#unlist(listed, this.open.remove(listing, listed.entryKey));
  }

  /**
   * Removes a record from `unsettled`, unless it has changed since it was read, as a sweep found no job of it. A list
   * may show the job later, so its attempts still count where equal jobs are shared out among creates.
   */
  setAside(listed: Listed, record: CreateRecord): Promise<void> {
    return this.#unlist(listed, this.open.setAside(listed.id, listed.entryKey, record));
  }

  async #unlist({ id, record }: Listed, changes: readonly Change[]): Promise<void> {
    if (record === 'unreadable') return;
    const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
    if (kept?.state !== record?.state || kept?.attemptAt !== record?.attemptAt) return;
    await this.#store.writeIf([asRead], changes);
  }

  /**
   * Whether `owner` may sweep for the next `forMs`. One gateway sweeps at a time; another takes over when that one's
   * claim expires.
   */
  async claimSweep(owner: string, forMs: number): Promise<boolean> {
    const now = this.#clock.now();
    const { value: by, asRead } = await this.#claims.find('sweep', now);
    if ((by ?? owner) !== owner) return false;
    return this.#store.writeIf([asRead], this.#claims.putUntil(now + forMs, 'sweep', owner));
  }

  /** Only if `attempt` is still the record's state: another gateway may have continued the create. */
  async #finish(id: string, attempt: CreateRecord, record: CreateRecord | undefined): Promise<void> {
    const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
    if (!isSameAttempt(kept, attempt)) return;
    const changes = record ? this.#changesFor(id, record) : this.#withoutRecord(id, attempt);
    await this.#store.writeIf([asRead], changes);
  }

  #changesFor(id: string, record: CreateRecord): readonly Change[] {
    return [...this.#records.putUntil(record.expiresAt, id, record), ...this.open.changesFor(id, record)];
  }

  #withoutRecord(id: string, attempt: CreateRecord): readonly Change[] {
    return [...this.#records.delete(id), ...this.#unlisted(id, attempt)];
  }

  /** Without the record's entries in the listings: it is as closed as a rejected one. */
  #unlisted(id: string, record: CreateRecord): readonly Change[] {
    return this.open.changesFor(id, { ...record, state: 'REJECTED' });
  }

  #reportUnreadable(id: string): void {
    if (this.#unreadable.has(id) || this.#unreadable.size >= maxUnreadable) return;
    this.#unreadable.add(id);
    this.#listeners.onUnreadable?.();
  }

  async #readable(id: string): Promise<CreateRecord | 'unreadable' | undefined> {
    try {
      return await this.get(id);
    } catch (error) {
      if (error instanceof UnreadableEntryError) return 'unreadable';
      throw error;
    }
  }

  async #reserveSlot(): Promise<void> {
    if (this.#freeSlots === 0) this.#freeSlots = Math.min(recountAfter, maxRecords - (await this.#records.count()));
    if (this.#freeSlots <= 0) {
      this.#freeSlots = 0;
      this.#listeners.onFull?.();
      throw new Error(`there are ${maxRecords} idempotency keys already`);
    }
    this.#freeSlots -= 1;
  }
}
