/**
 * The store: values by collection and key that survive restarts and that several gateways may share. Changes are
 * written together or not at all.
 */

/** A value to write; undefined deletes it. */
export interface Change {
  readonly collection: string;
  readonly key: string;
  readonly value: unknown;
}

export interface Range {
  /** Only keys above this one. */
  readonly after?: string;
  /** Only keys below this one. */
  readonly before?: string;
  /** From the last key downwards. */
  readonly isReversed?: boolean;
  readonly limit?: number;
}

export interface Store {
  /** The name of the setting that locates it. */
  readonly setting: string;
  /** 32 secret bytes of this store. */
  readonly secret: Uint8Array;
  read(collection: string, key: string): Promise<unknown>;
  /** Returns keys with their values, in the order of the keys. */
  list(collection: string, range: Range): Promise<readonly (readonly [string, unknown])[]>;
  /** Returns the collection's number of keys. */
  count(collection: string): Promise<number>;
  /**
   * Writes all changes or none. Durable ones are on disk before it resolves; lazy ones survive the process, but not a
   * power cut.
   */
  write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void>;
  /**
   * As a durable `write`, but only if each value of `expected` is as it was read, or absent if undefined. Returns
   * whether it has written. If it throws, the changes may have been made; they have been if it throws
   * `UnconfirmedWriteError`.
   */
  writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean>;
  /** Whether the store takes writes, checked by making one. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/** The store cannot be opened. The message is for operators. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A write was made, and a failover could lose it: too few replicas have confirmed it in time. */
export class UnconfirmedWriteError extends Error {
  override readonly name = 'UnconfirmedWriteError';
}

/** The store is another one than was opened: emptied or replaced, and begun anew by another gateway. Nothing was written. */
export class ReplacedStoreError extends Error {
  override readonly name = 'ReplacedStoreError';
}

/** Formats a number as a sortable key: 16 digits hold every safe integer. */
export function numberKey(value: number): string {
  return String(value).padStart(16, '0');
}
