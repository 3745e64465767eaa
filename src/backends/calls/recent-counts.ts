/** Counts how often each kind of event happened in the last ten seconds. */
import type { Clock } from '../../base/clock.ts';

const windowMs = 10_000;
/** The window moves in steps of this length. */
const stepMs = 1_000;

interface Step<Kind> {
  readonly startsAt: number;
  readonly counts: Map<Kind, number>;
}

export class RecentCounts<Kind extends string> {
  readonly #clock: Clock;
  #steps: Step<Kind>[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(kind: Kind): void {
    const { counts } = this.#step();
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }

  of(kind: Kind): number {
    this.#dropOld();
    return this.#steps.reduce((sum, { counts }) => sum + (counts.get(kind) ?? 0), 0);
  }

  clear(): void {
    this.#steps = [];
  }

  /** The current step. */
  #step(): Step<Kind> {
    this.#dropOld();
    const now = this.#clock.monotonicMs();
    const last = this.#steps.at(-1);
    if (last && now < last.startsAt + stepMs) return last;
    const step = { startsAt: now, counts: new Map<Kind, number>() };
    this.#steps.push(step);
    return step;
  }

  #dropOld(): void {
    const since = this.#clock.monotonicMs() - windowMs;
    this.#steps = this.#steps.filter(({ startsAt }) => startsAt > since);
  }
}
