/** A store whose refusals of writes are logged. */
import { Probe } from './probe.ts';
import type { Change, Range, Store } from './store.ts';
import { StoreFaults, type StoreFaultsOptions } from './store-faults.ts';

export type ReportOptions = Omit<StoreFaultsOptions, 'setting'>;

export class ReportedStore implements Store {
  readonly setting: string;
  readonly secret: Uint8Array;
  readonly #store: Store;
  readonly #faults: StoreFaults;
  readonly #probe: Probe;

  constructor(store: Store, options: ReportOptions) {
    this.#store = store;
    this.setting = store.setting;
    this.secret = store.secret;
    this.#faults = new StoreFaults({ ...options, setting: store.setting });
    this.#probe = new Probe(this, options.clock);
  }

  read(collection: string, key: string): Promise<unknown> {
    return this.#store.read(collection, key);
  }

  list(collection: string, range: Range): Promise<readonly (readonly [string, unknown])[]> {
    return this.#store.list(collection, range);
  }

  count(collection: string): Promise<number> {
    return this.#store.count(collection);
  }

  write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void> {
    return this.#reported(this.#store.write(changes, durability));
  }

  writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    return this.#reported(this.#store.writeIf(expected, changes));
  }

  isReachable(): Promise<boolean> {
    return this.#probe.isAnswered();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #reported<T>(writing: Promise<T>): Promise<T> {
    try {
      const written = await writing;
      this.#faults.succeeded();
      return written;
    } catch (error) {
      this.#faults.failed(error);
      throw error;
    }
  }
}
