/** What survives a restart, and what several gateways may share: values by collection and key, written together or not at all. */

/** One value to be kept, or, where it is undefined, to be forgotten. */
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
  /** From the last key down. */
  readonly isReversed?: boolean;
  readonly limit?: number;
}

export interface Store {
  /** The name of the setting that says where it is. */
  readonly setting: string;
  /** 32 bytes that belong to this store and nobody else has. */
  readonly secret: Uint8Array;
  read(collection: string, key: string): Promise<unknown>;
  /** Keys with their values, in the order of the keys. */
  list(collection: string, range: Range): Promise<readonly (readonly [string, unknown])[]>;
  /** How many keys it holds. */
  count(collection: string): Promise<number>;
  /** All changes or none. Durable ones are on the disk before it resolves; the others outlive this process, not a power cut. */
  write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void>;
  /**
   * As a durable `write`, but only if each value of `expected` is still as it was read, or still absent where it is undefined:
   * then true, else nothing is written. Where it throws, the changes may have been made.
   */
  writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean>;
  /** Whether it takes writes at the moment, found out by making one. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/** Keeps the store from being opened, in words for whoever runs the gateway. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Numbers as keys sort as text: 16 digits hold every safe integer. */
export function numberKey(value: number): string {
  return String(value).padStart(16, '0');
}
