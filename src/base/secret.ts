/** What may not be shown by accident: a value that only `reveal` gives out. */

const shown = '[secret]';

/**
 * Prints as `[secret]` however it is written: by `inspect`, the console, JSON, a template, an error's message. A structured
 * clone of it is an empty object. Imports nothing, so that the model can hold it.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value. To be called where it leaves for a caller who may see it, and nowhere before. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  /** What templates, `String` and `+` ask, whatever they would rather have. */
  [Symbol.toPrimitive](): string {
    return shown;
  }

  /** What `util.inspect` and the console ask, by the name that Node gives to every realm. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown;
  }

  /** What `Object.prototype.toString` says it is. */
  get [Symbol.toStringTag](): string {
    return 'Secret';
  }
}
