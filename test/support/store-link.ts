/** One gateway's link to a shared store: cut when the gateway crashes, held while it is suspended. */
import type { Change, Range, Store } from '../../src/store/store.ts';

export class StoreLink implements Store {
  readonly setting: string;
  readonly secret: Uint8Array;
  /** While set, every call fails. */
  isCut = false;
  /** The calls that are executed but whose answers are held back. */
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

  /** Releases the answers that are held back. */
  release(): void {
    this.holds = 'nothing';
    for (const resume of this.#held.splice(0)) resume();
  }

  async #through<T>(work: () => Promise<T>, kind: 'reads' | 'writes' = 'reads'): Promise<T> {
    // As over a network, no call completes at once.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.isCut) throw new Error('the store cannot be reached');
    const answer = await work();
    if (this.holds === 'everything' || this.holds === kind)
      await new Promise<void>((resolve) => this.#held.push(resolve));
    return answer;
  }
}
