/**
 * The records of creates in the store. Whoever shares the store may work on the same one, so each is written only over what
 * it was when it was read: of two attempts one is dispatched, and one job is bound.
 */
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { JobService } from '../model/job-state.ts';
import { Collection, UnreadableEntryError } from '../store/collection.ts';
import type { Change, Store } from '../store/store.ts';
import {
  bound,
  type CreateRecord,
  createRecord,
  isSameAttempt,
  isUnsettled,
  keptMs,
  type Rejection,
} from './create-record.ts';
import { type Listing, OpenCreates } from './open-creates.ts';

/** A key is promised for its time, so that a store that is full refuses new ones instead of forgetting old ones. */
const maxRecords = 200_000;

/** After this many of our own those of all are counted again, as other gateways make some, too. */
const perCount = 1_000;

/** Longer than any record that could be matched with the job. */
const takenMs = 2 * keptMs;

/** Max number of jobs that are remembered because somebody was told of them while the store took no note of it. */
const maxPending = 10_000;

/** Whose a job is that is nobody's we know of. No record has such an id. */
const somebody = '?';

/** A record that has something left to be done, and the place where it is listed. */
export interface Listed {
  readonly id: string;
  readonly place: string;
  readonly record: CreateRecord | 'unreadable' | undefined;
}

/** Number of records that are told of because they cannot be read. */
const maxUnreadable = 10_000;

/** Number of other creates that are looked at to say how many jobs there may be of one kind. */
const maxBeside = 100;

export class CreateRecords {
  readonly open: OpenCreates;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #records: Collection<CreateRecord>;
  /** Jobs that somebody was told of, and by which record. */
  readonly #taken: Collection<string>;
  /** Who looks into what callers have not come back for. */
  readonly #claims: Collection<string>;
  /** Keys of those jobs, which are somebody's all the same. */
  readonly #pending = new Set<string>();
  /** Records that cannot be read, and were told of. */
  readonly #unreadable = new Set<string>();
  readonly #onUnreadable: () => void;
  #room = 0;

  /** `onUnreadable` is told once of each record that another version of the gateway wrote and this one cannot read. */
  constructor(store: Store, clock: Clock, onUnreadable: () => void = () => {}) {
    this.#onUnreadable = onUnreadable;
    this.open = new OpenCreates(store, clock);
    this.#store = store;
    this.#clock = clock;
    this.#records = new Collection(store, 'creates', createRecord);
    this.#taken = new Collection(store, 'taken', z.string());
    this.#claims = new Collection(store, 'claims', z.string());
  }

  /** Throws `UnreadableEntryError` for a record that is there and cannot be read: its create must not be sent again. */
  async get(id: string): Promise<CreateRecord | undefined> {
    try {
      return await this.#records.get(id, this.#clock.now());
    } catch (error) {
      if (error instanceof UnreadableEntryError) this.#tellUnreadable(id);
      throw error;
    }
  }

  /** The other creates of this kind that may have made jobs which are on no record, as far as they can be read. */
  async openBeside(kind: string, id: string): Promise<readonly CreateRecord[]> {
    const listed = await Promise.all([
      this.open.idsOf('unsettled', kind, maxBeside),
      this.open.idsOf('leftovers', kind, maxBeside),
    ]);
    const ids = new Set(listed.flat().filter((other) => other !== id));
    const records = await Promise.all([...ids].map((other) => this.#readable(other)));
    return records.filter((record) => record !== undefined && record !== 'unreadable');
  }

  /**
   * On the disk before it resolves: whatever is sent after that is known of. False, and nothing is to be sent, where the
   * record is no longer `earlier`, or no longer absent: somebody else was first.
   */
  async dispatch(id: string, record: CreateRecord, earlier: CreateRecord | undefined): Promise<boolean> {
    const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
    if (!isSameAttempt(kept, earlier)) return false;
    await this.#takeRoom();
    return this.#store.writeIf([asRead], this.#changesFor(id, record));
  }

  /**
   * Binds the job to the record, unless another job was: gives the record as it then is. Undefined where the job belongs to
   * somebody else, or there is no record.
   */
  async bind(id: string, awsJobId: string): Promise<CreateRecord | undefined> {
    for (;;) {
      const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
      if (kept === undefined || !isUnsettled(kept)) return kept;
      const key = takenKey(kept.service, awsJobId);
      const taken = await this.#findTaken(key);
      if ((taken.value ?? id) !== id || this.#pending.has(key)) return undefined;
      const record = bound(kept, awsJobId);
      const changes = [...this.#changesFor(id, record), ...this.#takenBy(id, key)];
      if (await this.#store.writeIf([asRead, taken.asRead], changes)) return record;
    }
  }

  /** Without a `rejection` nothing is kept: the key is free. */
  reject(id: string, attempt: CreateRecord, rejection: Rejection | undefined): Promise<void> {
    if (rejection !== undefined) return this.#end(id, attempt, { ...attempt, state: 'REJECTED', rejection });
    return this.#end(id, attempt, undefined);
  }

  /** Of an attempt that is sure to have made no job: the create is as it was `earlier`, after the attempts before. */
  withdraw(id: string, attempt: CreateRecord, earlier: CreateRecord): Promise<void> {
    return this.#end(id, attempt, { ...earlier, state: 'UNKNOWN' });
  }

  /** Nobody is at it, and the outcome is unknown. Nothing is lost if this cannot be written: `DISPATCHED` may mean the same. */
  leave(id: string, attempt: CreateRecord): Promise<void> {
    return this.#end(id, attempt, { ...attempt, state: 'UNKNOWN' });
  }

  /** Notes that a job came of the create `id`, beside the one that is bound. False where it is somebody else's. */
  async take(id: string, service: JobService, awsJobId: string): Promise<boolean> {
    const key = takenKey(service, awsJobId);
    const { value: by, asRead } = await this.#findTaken(key);
    if ((by ?? id) !== id || this.#pending.has(key)) return false;
    return this.#store.writeIf([asRead], this.#takenBy(id, key));
  }

  /** Notes that a job belongs to somebody, though not to a record. False where it belongs to one already. For a job that its caller is told of whatever becomes of the store: noted later if that takes no writes. */
  async takeForCaller(service: JobService, awsJobId: string): Promise<boolean> {
    const key = takenKey(service, awsJobId);
    try {
      return await this.#takeKey(key);
    } catch {
      if (this.#pending.size < maxPending) this.#pending.add(key);
      return true;
    }
  }

  /** Notes what could not be noted before. Throws what the store throws. */
  async notePending(): Promise<void> {
    for (const key of this.#pending) {
      await this.#takeKey(key);
      this.#pending.delete(key);
    }
  }

  /** Whether the job belongs to somebody else than the record `id`. */
  async isTaken(id: string, service: JobService, awsJobId: string): Promise<boolean> {
    const key = takenKey(service, awsJobId);
    const { value: by } = await this.#findTaken(key);
    return (by !== undefined && by !== id) || this.#pending.has(key);
  }

  /** At most `limit` of a listing, from behind the place `after`. */
  async list(listing: Listing, after: string, limit: number): Promise<readonly Listed[]> {
    const places = await this.open.list(listing, after, limit);
    return Promise.all(places.map(async ([place, id]) => ({ id, place, record: await this.#readable(id) })));
  }

  /** Takes a record off a listing, unless it has changed since it was read. */
  async remove(listing: Listing, { id, place, record }: Listed): Promise<void> {
    if (record === 'unreadable') return;
    const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
    if (kept?.state !== record?.state || kept?.attemptAt !== record?.attemptAt) return;
    await this.#store.writeIf([asRead], this.open.remove(listing, place));
  }

  /** Whether `owner` may sweep for the next `forMs`: one at a time does, and another once that one has not come back. */
  async claimSweep(owner: string, forMs: number): Promise<boolean> {
    const now = this.#clock.now();
    const { value: by, asRead } = await this.#claims.find('sweep', now);
    if ((by ?? owner) !== owner) return false;
    return this.#store.writeIf([asRead], this.#claims.putUntil(now + forMs, 'sweep', owner));
  }

  /** Only over `attempt`: where somebody else has gone on with the create, that stands. */
  async #end(id: string, attempt: CreateRecord, record: CreateRecord | undefined): Promise<void> {
    const { value: kept, asRead } = await this.#records.find(id, this.#clock.now());
    if (!isSameAttempt(kept, attempt)) return;
    const changes = record ? this.#changesFor(id, record) : this.#withoutRecord(id, attempt);
    await this.#store.writeIf([asRead], changes);
  }

  #changesFor(id: string, record: CreateRecord): readonly Change[] {
    return [...this.#records.putUntil(record.expiresAt, id, record), ...this.open.changesFor(id, record)];
  }

  /** What is gone is as little open as what was refused. */
  #withoutRecord(id: string, attempt: CreateRecord): readonly Change[] {
    return [...this.#records.delete(id), ...this.open.changesFor(id, { ...attempt, state: 'REJECTED' })];
  }

  #tellUnreadable(id: string): void {
    if (this.#unreadable.has(id) || this.#unreadable.size >= maxUnreadable) return;
    this.#unreadable.add(id);
    this.#onUnreadable();
  }

  async #readable(id: string): Promise<CreateRecord | 'unreadable' | undefined> {
    try {
      return await this.get(id);
    } catch (error) {
      if (error instanceof UnreadableEntryError) return 'unreadable';
      throw error;
    }
  }

  /** What cannot be read says all the same that the job is somebody's. */
  async #findTaken(key: string) {
    try {
      return await this.#taken.find(key, this.#clock.now());
    } catch (error) {
      if (!(error instanceof UnreadableEntryError)) throw error;
      return { value: somebody, asRead: { collection: 'taken', key, value: undefined } };
    }
  }

  async #takeKey(key: string): Promise<boolean> {
    const { value: by, asRead } = await this.#findTaken(key);
    return by === undefined && this.#store.writeIf([asRead], this.#takenBy('', key));
  }

  #takenBy(id: string, key: string): readonly Change[] {
    return this.#taken.putUntil(this.#clock.now() + takenMs, key, id);
  }

  async #takeRoom(): Promise<void> {
    if (this.#room === 0) this.#room = Math.min(perCount, maxRecords - (await this.#records.count()));
    if (this.#room <= 0) {
      this.#room = 0;
      throw new Error(`there are ${maxRecords} idempotency keys already`);
    }
    this.#room -= 1;
  }
}

/** Import/Export compares its ids without regard to case. */
function takenKey(service: JobService, awsJobId: string): string {
  return `${service}:${awsJobId.toUpperCase()}`;
}
