/** Records every event of a client process as plain numbers; objects would make the client the bottleneck. */
import { fieldsPerEvent } from './client-protocol.ts';

export class Recording {
  #numbers = new Float64Array(fieldsPerEvent * 4_096);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(subscription: number, job: number, from: number, to: number, observedAt: number, receivedAt: number): void {
    const offset = this.#count * fieldsPerEvent;
    if (offset === this.#numbers.length) this.#grow();
    this.#numbers[offset] = subscription;
    this.#numbers[offset + 1] = job;
    this.#numbers[offset + 2] = from;
    this.#numbers[offset + 3] = to;
    this.#numbers[offset + 4] = observedAt;
    this.#numbers[offset + 5] = receivedAt;
    this.#count += 1;
  }

  take(): Float64Array {
    const taken = this.#numbers.slice(0, this.#count * fieldsPerEvent);
    this.#count = 0;
    return taken;
  }

  #grow(): void {
    const numbers = new Float64Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
