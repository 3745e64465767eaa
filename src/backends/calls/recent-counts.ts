/** How often each of a few things happened in the last ten seconds. */
import type { Clock } from '../../base/clock.ts';

const windowMs = 10_000;
/** The window moves on in steps of this length. */
const stepMs = 1_000;

interface Step<Thing> {
  readonly startsAt: number;
  readonly counts: Map<Thing, number>;
}

export class RecentCounts<Thing extends string> {
  readonly #clock: Clock;
  #steps: Step<Thing>[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(thing: Thing): void {
    const { counts } = this.#step();
    counts.set(thing, (counts.get(thing) ?? 0) + 1);
  }

  of(thing: Thing): number {
    this.#forgetOld();
    return this.#steps.reduce((sum, { counts }) => sum + (counts.get(thing) ?? 0), 0);
  }

  clear(): void {
    this.#steps = [];
  }

  /** The step that it is now. */
  #step(): Step<Thing> {
    this.#forgetOld();
    const now = this.#clock.monotonicMs();
    const last = this.#steps.at(-1);
    if (last && now < last.startsAt + stepMs) return last;
    const step = { startsAt: now, counts: new Map<Thing, number>() };
    this.#steps.push(step);
    return step;
  }

  #forgetOld(): void {
    const since = this.#clock.monotonicMs() - windowMs;
    this.#steps = this.#steps.filter(({ startsAt }) => startsAt > since);
  }
}
