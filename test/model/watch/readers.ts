/** Those who watch, and what each of them must have been told by what was observed so far. */
import { expect } from 'vitest';
import { isFinished, type JobRef, type JobService, type JobState } from '../../../src/model/job-state.ts';
import { jobKey, type Transition } from '../../../src/watch/history/transition-log.ts';
import type { JobEvent, JobStateChange } from '../../../src/watch/streams/events.ts';
import { type ModelServices, versionOf } from './services.ts';

/** What was observed, in order: the whole log, whatever of it is still held. */
export type Observed = readonly Transition[];

/** What somebody who reads a stream sees of it. */
export class Reader {
  readonly events: JobEvent[] = [];
  ending: 'completed' | 'failed' | 'left' | undefined;
  isStarted = false;
  isReading = false;
  readonly #stream: AsyncIterableIterator<JobEvent>;
  #isAsking = false;

  constructor(stream: AsyncIterableIterator<JobEvent>) {
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.ending === undefined;
  }

  /** Reads from here on, until told to pause. */
  read(): void {
    this.isStarted = true;
    this.isReading = true;
    if (!this.#isAsking) void this.#ask();
  }

  /** What was asked for already still comes. */
  pause(): void {
    this.isReading = false;
  }

  async leave(): Promise<void> {
    this.ending ??= 'left';
    await this.#stream.return?.();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
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
    this.#isAsking = false;
  }
}

/** How far a reader knows a job: the sequence of what it was told last, undefined before the present state. */
type Position = number | undefined;

export type Positions = ReadonlyMap<string, Position>;

export interface Told {
  readonly positions: Positions;
  /** Keys of jobs that bring nothing more. */
  readonly closed: ReadonlySet<string>;
}

/** Follows `events` from `start`, job by job, `gone` being over already; throws where they are not what must have been told. */
export function toldBy(
  events: readonly JobEvent[],
  start: Positions,
  observed: Observed,
  services: ModelServices,
  gone: ReadonlySet<string> = new Set(),
): Told {
  const positions = new Map(start);
  const closed = new Set(gone);
  for (const [key, position] of start) if (isFinished(stateAt(observed, key, position))) closed.add(key);
  for (const event of events) {
    if (event.kind === 'JobEventsMissed') throw new Error('expected no expiry amid the stream');
    if (event.kind === 'JobsStale' || event.kind === 'JobsFresh') continue;
    const key = jobKey(event.job);
    expect([...closed], 'nothing follows the end of a job').not.toContain(key);
    if (event.kind === 'JobGone') {
      expect(services.presentOf(event.job), 'gone is what is not there').toBeUndefined();
      closed.add(key);
      continue;
    }
    positions.set(key, positionAfter(event, positions.get(key), observed, services));
    if (isFinished(event.state)) closed.add(key);
  }
  return { positions, closed };
}

/** What of `observed` is still to be told to one who stands at `position`. */
export function nextAfter(observed: Observed, key: string, position: number): Transition | undefined {
  return observed.find((each) => each.kind === 'changed' && jobKey(each.job) === key && each.sequence > position);
}

export function stateAt(observed: Observed, key: string, position: Position): JobState {
  return observed.find((each) => jobKey(each.job) === key && each.sequence === position)?.to ?? 'UNKNOWN';
}

function positionAfter(event: JobStateChange, position: Position, observed: Observed, services: ModelServices): number {
  const key = jobKey(event.job);
  expect(services.stateAt(event.job, versionOf(event.job)), 'a state that the job has had').toBe(event.state);
  if (position === undefined) {
    expect(event.previousState, 'the present comes first').toBeNull();
    // Not by its version: a list that lags, or a gateway that was not the first to append, may show an earlier moment of the
    // very state that was observed last.
    const place = offsetIn(event.cursor);
    const known = observed.filter((each) => jobKey(each.job) === key && each.offset <= place).at(-1);
    expect(known?.to, 'the present is what was observed last').toBe(event.state);
    return known?.sequence ?? 0;
  }
  const next = nextAfter(observed, key, position);
  expect([next?.from, next?.to], 'each change in its turn').toEqual([event.previousState, event.state]);
  expect(next?.job, 'the very change that was observed').toBe(event.job);
  expect(event.previousState, 'what it was told before').toBe(stateAt(observed, key, position));
  return next?.sequence ?? 0;
}

/** What an activity stream that begins after `offset` must bring. */
export function activityAfter(observed: Observed, offset: number, service: JobService | undefined): Observed {
  return observed.filter(
    ({ kind, job, offset: own }) =>
      own > offset && kind !== 'first' && (service === undefined || job.service === service),
  );
}

export function keysOf(refs: readonly JobRef[]): Positions {
  return new Map(refs.map((ref) => [jobKey(ref), undefined]));
}

/** The model may look into a cursor; a client may not. */
export function offsetIn(cursor: string): number {
  const [payload = ''] = cursor.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { offset: number }).offset;
}
