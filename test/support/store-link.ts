/** One gateway's way to a store that several share: cut when the gateway ends, held while it stands still. */
import type { Change, Range, Store } from '../../src/store/store.ts';

export class StoreLink implements Store {
  readonly setting: string;
  readonly secret: Uint8Array;
  /** While set, nothing gets through. */
  isCut = false;
  /** What is asked is done, and the answer waits. */
  holds: 'everything' | 'nothing' | 'writes' = 'nothing';
  readonly #store: Store;
  #held: (() => void)[] = [];

  constructor(store: Store) {
    this.#store = store;
    this.setting = store.setting;
    this.secret = store.secret;
  }

  read(collection: string, key: string): Promise<unknown> {
    return this.#through(() => this.#store.read(collection, key));
  }

  list(collection: string, range: Range): Promise<readonly (readonly [string, unknown])[]> {
    return this.#through(() => this.#store.list(collection, range));
  }

  count(collection: string): Promise<number> {
    return this.#through(() => this.#store.count(collection));
  }

  write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void> {
    return this.#through(() => this.#store.write(changes, durability), 'writes');
  }

  writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    return this.#through(() => this.#store.writeIf(expected, changes), 'writes');
  }

  isReachable(): Promise<boolean> {
    return this.#through(() => this.#store.isReachable());
  }

  async close(): Promise<void> {}

  /** Lets the answers through that wait. */
  release(): void {
    this.holds = 'nothing';
    for (const resume of this.#held.splice(0)) resume();
  }

  async #through<T>(work: () => Promise<T>, kind: 'reads' | 'writes' = 'reads'): Promise<T> {
    // Over a network each takes its turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.isCut) throw new Error('the store cannot be reached');
    const answer = await work();
    if (this.holds === 'everything' || this.holds === kind)
      await new Promise<void>((resolve) => this.#held.push(resolve));
    return answer;
  }
}
