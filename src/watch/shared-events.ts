/** Makes an event once for all who are told the same, so that whatever is done with it can be done once as well. */
import type { JobState } from '../job.ts';
import { isAnomalous } from './anomaly.ts';
import type { Cursors } from './cursor.ts';
import type { JobStateChange } from './events.ts';
import type { Observation } from './state-source.ts';
import type { Transition } from './transition-log.ts';

/** Where a reader stands after an event. */
export interface Standing {
  readonly scope: string;
  readonly offset: number;
  readonly pending: readonly number[];
}

/** All who are told of something are told in one go: so only the events about the newest subject are kept. */
export class SharedEvents {
  readonly #cursors: Cursors;
  #subject: object | undefined;
  #events = new Map<string, JobStateChange>();

  constructor(cursors: Cursors) {
    this.#cursors = cursors;
  }

  ofTransition(transition: Transition, standing: Standing): JobStateChange {
    const { job, from, to, observedAt } = transition;
    const isOdd = from !== null && isAnomalous(job.service, from, to);
    return this.#shared(transition, standing, { job, previousState: from, state: to, observedAt, isAnomalous: isOdd });
  }

  ofPresent(observation: Observation, observedAt: Date, standing: Standing): JobStateChange {
    const { job, state } = observation;
    const previousState: JobState | null = null;
    return this.#shared(observation, standing, { job, previousState, state, observedAt, isAnomalous: false });
  }

  #shared(subject: object, standing: Standing, event: Omit<JobStateChange, 'cursor'>): JobStateChange {
    if (this.#subject !== subject) {
      this.#subject = subject;
      this.#events = new Map();
    }
    const key = `${standing.scope} ${standing.offset} ${standing.pending.join()}`;
    const existing = this.#events.get(key);
    if (existing !== undefined) return existing;
    const made = { ...event, cursor: this.#cursors.textFrom({ ...standing, pending: [...standing.pending] }) };
    this.#events.set(key, made);
    return made;
  }
}
