/** The queue of one reader, in the form that a `Repeater` takes. The library's own queue has a size that is fixed beforehand. */
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

  /** A `Repeater` asks only where there is one. An array that was emptied keeps its room, at ten thousand idle readers. */
  remove(): T {
    const event = this.#events.shift() as T;
    if (this.empty) this.#events = [];
    return event;
  }
}
