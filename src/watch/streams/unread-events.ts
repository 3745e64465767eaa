/** One reader's queue, as a `Repeater` buffer. The library's own buffers have a fixed capacity. */
import type { RepeaterBuffer } from '@repeaterjs/repeater';

export class UnreadEvents<T> implements RepeaterBuffer<T> {
  capacity: number;
  #events: T[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.#events.length;
  }

  get empty(): boolean {
    return this.#events.length === 0;
  }

  get full(): boolean {
    return this.#events.length >= this.capacity;
  }

  add(event: T): void {
    this.#events.push(event);
  }

  /**
   * A `Repeater` calls this only if there is an event. An emptied array keeps its memory, which counts with ten
   * thousand idle readers: so a new one replaces it.
   */
  remove(): T {
    const event = this.#events.shift() as T;
    if (this.empty) this.#events = [];
    return event;
  }
}
