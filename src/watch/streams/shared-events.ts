/** Makes each event once for all of its readers, so that it can be executed and serialized once as well. */
import type { JobRef } from '../../model/job-state.ts';
import { isAnomalous } from '../anomaly.ts';
import { jobKey, type Transition } from '../history/transition-log.ts';
import type { Observation } from '../state-source.ts';
import type { Cursors, ReaderPosition } from './cursor.ts';
import type {
  EventBody,
  EventOf,
  EventsMissed,
  Gone,
  JobsFresh,
  JobsOfService,
  JobsStale,
  StateChange,
} from './events.ts';

/** The name of a subject's event where it has only one. */
const onlyOne = '';

/** The watcher notifies all readers of one subject before the next: so only the newest subject's events are cached. */
export class SharedEvents {
  readonly #cursors: Cursors;
  readonly #now: () => Date;
  #subject: object | undefined;
  readonly #bodies = new Map<string, EventBody>();
  #events = new Map<string, EventOf<EventBody>>();

  constructor(cursors: Cursors, now: () => Date) {
    this.#cursors = cursors;
    this.#now = now;
  }

  ofTransition(transition: Transition, position: ReaderPosition): EventOf<StateChange> {
    const { job, from, to, observedAt } = transition;
    return this.#event(transition, position, (): StateChange => {
      const isOdd = from !== null && isAnomalous(job.service, from, to);
      return { kind: 'JobStateChange', job, previousState: from, state: to, observedAt, isAnomalous: isOdd };
    });
  }

  ofPresent(observation: Observation, position: ReaderPosition): EventOf<StateChange> {
    const { job, state } = observation;
    return this.#event(observation, position, (): StateChange => {
      const observedAt = this.#now();
      return { kind: 'JobStateChange', job, previousState: null, state, observedAt, isAnomalous: false };
    });
  }

  ofGone(job: JobRef, position: ReaderPosition): EventOf<Gone> {
    return this.#event(job, position, (): Gone => ({ kind: 'JobGone', job, observedAt: this.#now() }));
  }

  /** `loss` is the same object for all readers that lost the same entries. */
  ofMissed(loss: object, position: ReaderPosition): EventOf<EventsMissed> {
    return this.#event(loss, position, (): EventsMissed => ({ kind: 'JobEventsMissed', observedAt: this.#now() }));
  }

  /** `batch` is the same object for all streams that the watcher notifies of an outage in one pass. */
  ofStale(batch: object, of: JobsOfService, since: Date, position: ReaderPosition): EventOf<JobsStale> {
    const { service, jobs } = of;
    const make = (): JobsStale => ({ kind: 'JobsStale', service, jobs, since, observedAt: this.#now() });
    return this.#event(batch, position, make, `stale ${textOf(of)} ${since.getTime()}`);
  }

  ofFresh(batch: object, of: JobsOfService, position: ReaderPosition): EventOf<JobsFresh> {
    const { service, jobs } = of;
    const make = (): JobsFresh => ({ kind: 'JobsFresh', service, jobs, observedAt: this.#now() });
    return this.#event(batch, position, make, `fresh ${textOf(of)}`);
  }

  /** Readers at the same position, such as all of one caller who watch one job, share the whole event. */
  #event<Body extends EventBody>(
    subject: object,
    position: ReaderPosition,
    make: () => Body,
    name = onlyOne,
  ): EventOf<Body> {
    const body = this.#bodyOf(subject, name, make);
    const { scope, offset, pending, gone } = position;
    const key = `${name} ${scope} ${offset} ${pending.join()} ${gone.join()}`;
    // The same subject always makes the same kind under the same name.
    const existing = this.#events.get(key) as EventOf<Body> | undefined;
    if (existing !== undefined) return existing;
    const cursor = this.#cursors.textFrom(position);
    const event = { cursor, body, ...body };
    this.#events.set(key, event as EventOf<EventBody>);
    return event;
  }

  #bodyOf<Body extends EventBody>(subject: object, name: string, make: () => Body): Body {
    if (this.#subject !== subject) {
      this.#subject = subject;
      this.#bodies.clear();
      this.#events = new Map();
    }
    const body = (this.#bodies.get(name) as Body | undefined) ?? make();
    this.#bodies.set(name, body);
    return body;
  }
}

function textOf({ service, jobs }: JobsOfService): string {
  return jobs === null ? service : jobs.map(jobKey).join();
}
