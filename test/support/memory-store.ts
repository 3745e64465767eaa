/** A store in memory whose writes a test can delay, fail or lose. */
import { type Change, type Range, type Store, UnconfirmedWriteError } from '../../src/store/store.ts';
import { isSameValue } from '../../src/store/stored-text.ts';

export class MemoryStore implements Store {
  readonly setting = 'WAYBILL_DATA_DIR';
  readonly secret: Uint8Array = new Uint8Array(32).fill(7);
  /** While set, reads and writes fail. */
  isDown = false;
  /** While set, writes wait. */
  isHeld = false;
  readonly #values: Map<string, string>;
  /** Writes since the last durable one: a power cut loses some of them from the end. */
  #lazy: (readonly Change[])[] = [];
  #durable: Map<string, string>;
  #held: (() => void)[] = [];
  /** What a replica has that is cut off. */
  #replica: Map<string, string> | undefined;

  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.#values = new Map(values);
    this.#durable = new Map(values);
  }

  async read(collection: string, key: string): Promise<unknown> {
    this.#assertUp();
    const text = this.#values.get(`${collection}!${key}`);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async list(collection: string, { after = '', before, isReversed = false, limit = -1 }: Range) {
    this.#assertUp();
    const prefix = `${collection}!`;
    const keys = [...this.#values.keys()]
      .filter((key) => key.startsWith(prefix) && key > `${prefix}${after}`)
      .filter((key) => before === undefined || key < `${prefix}${before}`)
      .sort();
    if (isReversed) keys.reverse();
    const listed = limit < 0 ? keys : keys.slice(0, limit);
    return listed.map((key) => [key.slice(prefix.length), JSON.parse(this.#values.get(key) ?? '')] as const);
  }

  async count(collection: string): Promise<number> {
    return (await this.list(collection, {})).length;
  }

  async write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve));
    this.#assertUp();
    apply(this.#values, changes);
    this.#lazy.push(changes);
    if (durability === 'lazy') return;
    this.#durable = new Map(this.#values);
    this.#lazy = [];
    if (this.#replica !== undefined)
      throw new UnconfirmedWriteError('expected a replica to confirm a write, received none');
  }

  async writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve));
    this.#assertUp();
    const isAsExpected = ({ collection, key, value }: Change): boolean => {
      const text = this.#values.get(`${collection}!${key}`);
      return isSameValue(value, text === undefined ? undefined : JSON.parse(text));
    };
    if (!expected.every(isAsExpected)) return false;
    await this.write(changes, 'durable');
    return true;
  }

  async isReachable(): Promise<boolean> {
    return !this.isDown;
  }

  async close(): Promise<void> {}

  /** From now on durable writes are made, and not confirmed. */
  cutReplicaOff(): void {
    this.#replica ??= new Map(this.#values);
  }

  reconnectReplica(): void {
    this.#replica = undefined;
  }

  /** Loses what a replica lacks that was cut off. */
  failOver(): void {
    if (this.#replica === undefined) return;
    this.#values.clear();
    for (const [key, value] of this.#replica) this.#values.set(key, value);
    this.#durable = new Map(this.#values);
    this.#lazy = [];
    this.#replica = undefined;
  }

  /** Loses everything, as a Redis does by FLUSHALL. */
  empty(): void {
    this.#values.clear();
    this.#durable.clear();
    this.#lazy = [];
  }

  /** Lets the waiting writes proceed. */
  release(): void {
    this.isHeld = false;
    for (const resume of this.#held.splice(0)) resume();
  }

  /** The store that another process finds after a power cut that lost the last `lost` lazy writes; 0: after a kill. */
  survivor(lost = 0): MemoryStore {
    const values = new Map(this.#durable);
    for (const changes of this.#lazy.slice(0, Math.max(0, this.#lazy.length - lost))) apply(values, changes);
    this.isDown = true;
    this.release();
    return new MemoryStore(values);
  }

  /** The whole content as text. */
  dump(): string {
    return [...this.#values].map(([key, value]) => `${key}=${value}`).join('\n');
  }

  #assertUp(): void {
    if (this.isDown) throw new Error('the store is down');
  }
}

/** A store that records its calls, without keys and values. */
export class RecordingStore extends MemoryStore {
  readonly steps: string[] = [];

  override read(collection: string, key: string): Promise<unknown> {
    this.steps.push(`read ${collection}`);
    return super.read(collection, key);
  }

  override list(collection: string, range: Range) {
    this.steps.push(`list ${collection}`);
    return super.list(collection, range);
  }

  override write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void> {
    const collections = changes.map(({ collection }) => collection);
    this.steps.push(`write ${collections.join()} ${durability}`);
    return super.write(changes, durability);
  }
}

function apply(values: Map<string, string>, changes: readonly Change[]): void {
  for (const { collection, key, value } of changes) {
    if (value === undefined) values.delete(`${collection}!${key}`);
    else values.set(`${collection}!${key}`, JSON.stringify(value));
  }
}
