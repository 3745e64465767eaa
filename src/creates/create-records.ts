/** The records of creates in the store, and those of them that are not settled at hand. */
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { JobService } from '../job.ts';
import { Collection } from '../store/collection.ts';
import type { Change, Store } from '../store/store.ts';
import { type CreateRecord, createRecord, isUnsettled, isUntidy, keptMs, type Rejection } from './create-record.ts';

/** A key is promised for its time, so that a store that is full refuses new ones instead of forgetting old ones. */
const maxRecords = 200_000;

/** Longer than any record that could be matched with the job. */
const takenMs = 2 * keptMs;

export class CreateRecords {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #records: Collection<CreateRecord>;
  /** Jobs that somebody was told of, and by which record. */
  readonly #taken: Collection<string>;
  /** Those whose outcome is to be found out. */
  readonly unsettled = new Map<string, CreateRecord>();
  /** Those that may have left jobs nobody was told of. */
  readonly untidy = new Map<string, CreateRecord>();
  #count = 0;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#records = new Collection(store, 'creates', createRecord);
    this.#taken = new Collection(store, 'taken', z.string());
  }

  /** Takes up what an earlier process left. */
  async load(): Promise<void> {
    const kept = await this.#records.list({}, this.#clock.now());
    this.#count = kept.length;
    for (const [id, record] of kept) this.#file(id, record);
  }

  get(id: string): Promise<CreateRecord | undefined> {
    return this.#records.get(id, this.#clock.now());
  }

  /** On the disk before it resolves: whatever is sent after that is known of. */
  async dispatch(id: string, record: CreateRecord): Promise<void> {
    await this.#assertRoom();
    await this.#put(id, record);
    this.#count += 1;
  }

  async bind(id: string, record: CreateRecord): Promise<void> {
    await this.#put(id, record, this.#takenBy(id, record.service, record.awsJobId ?? ''));
  }

  /** Without a `rejection` nothing is kept: the key is free. */
  async reject(id: string, record: CreateRecord, rejection: Rejection | undefined): Promise<void> {
    if (rejection !== undefined) return this.#put(id, { ...record, state: 'REJECTED', rejection });
    await this.#store.write(this.#records.delete(id), 'durable');
    this.#forget(id);
  }

  /** The outcome is unknown. Nothing is lost if this cannot be written: `DISPATCHED` means the same. */
  async leave(id: string, record: CreateRecord): Promise<void> {
    const left: CreateRecord = { ...record, state: 'UNKNOWN' };
    this.#file(id, left);
    await this.#put(id, left);
  }

  /** Notes that a job belongs to somebody, though not to a record. */
  async take(service: JobService, awsJobId: string): Promise<void> {
    await this.#store.write(this.#takenBy('', service, awsJobId), 'durable');
  }

  /** Whether the job belongs to somebody else than the record `id`. */
  async isTaken(id: string, service: JobService, awsJobId: string): Promise<boolean> {
    const by = await this.#taken.get(takenKey(service, awsJobId), this.#clock.now());
    return by !== undefined && by !== id;
  }

  async #put(id: string, record: CreateRecord, more: readonly Change[] = []): Promise<void> {
    await this.#store.write([...this.#records.putUntil(record.expiresAt, id, record), ...more], 'durable');
    this.#file(id, record);
  }

  #takenBy(id: string, service: JobService, awsJobId: string): readonly Change[] {
    return this.#taken.putUntil(this.#clock.now() + takenMs, takenKey(service, awsJobId), id);
  }

  #file(id: string, record: CreateRecord): void {
    this.#forget(id);
    if (isUnsettled(record)) this.unsettled.set(id, record);
    else if (isUntidy(record)) this.untidy.set(id, record);
  }

  #forget(id: string): void {
    this.unsettled.delete(id);
    this.untidy.delete(id);
  }

  async #assertRoom(): Promise<void> {
    if (this.#count < maxRecords) return;
    this.#count = await this.#records.count();
    if (this.#count >= maxRecords) throw new Error(`there are ${maxRecords} idempotency keys already`);
  }
}

/** Import/Export compares its ids without regard to case. */
function takenKey(service: JobService, awsJobId: string): string {
  return `${service}:${awsJobId.toUpperCase()}`;
}
