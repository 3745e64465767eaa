/** Readers, and the events that each must have received by what was observed so far. */
import { expect } from 'vitest';
import { isFinished, type JobRef, type JobService, type JobState } from '../../../src/model/job-state.ts';
import { jobKey, type Transition } from '../../../src/watch/history/transition-log.ts';
import type { JobEvent, JobStateChange } from '../../../src/watch/streams/events.ts';
import { type ModelServices, versionOf } from './services.ts';

/** All transitions in order, whether the log still holds them or not. */
export type Observed = readonly Transition[];

/** A reader of a stream and the events that it has received. */
export class Reader {
  readonly events: JobEvent[] = [];
  ending: 'completed' | 'failed' | 'left' | undefined;
  isStarted = false;
  isReading = false;
  readonly #stream: AsyncIterableIterator<JobEvent>;
  #isPulling = false;

  constructor(stream: AsyncIterableIterator<JobEvent>) {
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.ending === undefined;
  }

  /** Reads until paused. */
  read(): void {
    this.isStarted = true;
    this.isReading = true;
    if (!this.#isPulling) void this.#pull();
  }

  /** An event that was already requested still arrives. */
  pause(): void {
    this.isReading = false;
  }

  async leave(): Promise<void> {
    this.ending ??= 'left';
    await this.#stream.return?.();
  }

  async #pull(): Promise<void> {
    this.#isPulling = true;
    while (this.isReading && this.isOpen) {
      try {
        const { done, value } = await this.#stream.next();
        if (!this.isOpen) break;
        if (done) this.ending = 'completed';
        else this.events.push(value);
      } catch {
        this.ending = 'failed';
      }
    }
    this.#isPulling = false;
  }
}

/** The sequence of the last transition that a reader received of a job; undefined before the present state. */
type Position = number | undefined;

export type Positions = ReadonlyMap<string, Position>;

export interface Received {
  readonly positions: Positions;
  /** Keys of jobs that bring no further event. */
  readonly closed: ReadonlySet<string>;
}

/**
 * Follows `events` from `start`, job by job, with `gone` already closed; throws if they are not the events that must
 * have come.
 */
export function receivedFrom(
  events: readonly JobEvent[],
  start: Positions,
  observed: Observed,
  services: ModelServices,
  gone: ReadonlySet<string> = new Set(),
): Received {
  const positions = new Map(start);
  const closed = new Set(gone);
  for (const [key, position] of start) if (isFinished(stateAt(observed, key, position))) closed.add(key);
  for (const event of events) {
    if (event.kind === 'JobEventsMissed') throw new Error('expected no JobEventsMissed within the stream');
    if (event.kind === 'JobsStale' || event.kind === 'JobsFresh') continue;
    const key = jobKey(event.job);
    expect([...closed], 'nothing follows the end of a job').not.toContain(key);
    if (event.kind === 'JobGone') {
      expect(services.presentOf(event.job), 'a job with a JobGone does not exist').toBeUndefined();
      closed.add(key);
      continue;
    }
    positions.set(key, positionAfter(event, positions.get(key), observed, services));
    if (isFinished(event.state)) closed.add(key);
  }
  return { positions, closed };
}

/** The next transition that a reader at `position` must receive. */
export function nextAfter(observed: Observed, key: string, position: number): Transition | undefined {
  return observed.find((each) => each.kind === 'changed' && jobKey(each.job) === key && each.sequence > position);
}

export function stateAt(observed: Observed, key: string, position: Position): JobState {
  return observed.find((each) => jobKey(each.job) === key && each.sequence === position)?.to ?? 'UNKNOWN';
}

function positionAfter(event: JobStateChange, position: Position, observed: Observed, services: ModelServices): number {
  const key = jobKey(event.job);
  expect(services.stateAt(event.job, versionOf(event.job)), 'the state is one that the job has had').toBe(event.state);
  if (position === undefined) {
    expect(event.previousState, 'the present state comes first').toBeNull();
    // Not by its version: a list that lags, or a gateway that was not the first to append, may show an earlier version
    // with the same state.
    const index = offsetIn(event.cursor);
    const known = observed.filter((each) => jobKey(each.job) === key && each.offset <= index).at(-1);
    expect(known?.to, 'the present state is the last observed one').toBe(event.state);
    return known?.sequence ?? 0;
  }
  const next = nextAfter(observed, key, position);
  expect([next?.from, next?.to], 'each change follows the one before').toEqual([event.previousState, event.state]);
  expect(next?.job, 'the event carries the observed job').toBe(event.job);
  expect(event.previousState, 'the previous state is the last received one').toBe(stateAt(observed, key, position));
  return next?.sequence ?? 0;
}

/** The transitions that an activity stream must bring after `offset`. */
export function activityAfter(observed: Observed, offset: number, service: JobService | undefined): Observed {
  return observed.filter(
    ({ kind, job, offset: own }) =>
      own > offset && kind !== 'first' && (service === undefined || job.service === service),
  );
}

export function keysOf(refs: readonly JobRef[]): Positions {
  return new Map(refs.map((ref) => [jobKey(ref), undefined]));
}

/** The model may read a cursor's payload; clients may not. */
export function offsetIn(cursor: string): number {
  const [payload = ''] = cursor.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { offset: number }).offset;
}
