/** Holds a value that must not be printed by accident; only `reveal` returns it. */

const placeholder = '[secret]';

/**
 * Prints as `[secret]` in every way: `inspect`, the console, JSON, templates, error messages. Its structured clone is
 * an empty object. Imports nothing, so that the model can use it.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value. Call it only where the value leaves for a caller who may see it. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return placeholder;
  }

  toJSON(): string {
    return placeholder;
  }

  /** Called by templates, `String` and `+`, for every hint. */
  [Symbol.toPrimitive](): string {
    return placeholder;
  }

  /** Called by `util.inspect` and the console, by the symbol that Node registers for every realm. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return placeholder;
  }

  /** Used by `Object.prototype.toString`. */
  get [Symbol.toStringTag](): string {
    return 'Secret';
  }
}
