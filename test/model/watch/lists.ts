/** Lists of jobs from which readers go on to the stream of all jobs, and what such a reader then knows. */
import { expect } from 'vitest';
import { type JobService, type JobState, jobServices } from '../../../src/model/job-state.ts';
import type { PollAssignment } from '../../../src/watch/cluster/poll-assignment.ts';
import { AnswerRecorder } from '../../../src/watch/history/answer-recorder.ts';
import { jobKey, type TransitionLog } from '../../../src/watch/history/transition-log.ts';
import type { JobEvent } from '../../../src/watch/streams/events.ts';
import type { Watcher } from '../../../src/watch/watcher.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { dataExchangeJob, type ModelServices } from './services.ts';

/** A list as a client received it. */
export interface List {
  readonly cursor: string;
  /** By key, the state of each job; undefined where the list does not show it. */
  readonly shown: ReadonlyMap<string, JobState | undefined>;
}

export interface ListingGateway {
  readonly watcher: Watcher;
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
  readonly clock: FakeClock;
}

/** The lists of one gateway. */
export class Lister {
  readonly #gateway: ListingGateway;
  readonly #recorder: AnswerRecorder;

  constructor(gateway: ListingGateway) {
    this.#gateway = gateway;
    this.#recorder = new AnswerRecorder({ ...gateway, watcher: () => gateway.watcher });
  }

  /** Lists all jobs; undefined if the list has no cursor. As the gateway does: see `activityCursor` of its pages. */
  async list(services: ModelServices): Promise<List | undefined> {
    const { watcher } = this.#gateway;
    const place = watcher.activityPlace();
    const start = this.#recorder.startCall();
    const listed = jobServices.flatMap((service) => services.listed(service));
    const shown = new Map(
      listed.map(({ ref, state }) => [jobKey(ref), ref.service === 'DATA_EXCHANGE' ? state : undefined]),
    );
    const ofDataExchange = listed.filter(({ ref }) => ref.service === 'DATA_EXCHANGE');
    const observed = ofDataExchange.map((version) => ({ job: dataExchangeJob(version), state: version.state }));
    this.#recorder.record(observed, 'list', start);
    await this.#recorder.written();
    const cursor = observed.every(({ job, state }) => watcher.isRecorded(job, state))
      ? watcher.activityCursor(place)
      : null;
    return cursor === null ? undefined : { cursor, shown };
  }
}

/** What a reader must know of the jobs of `service`, or of both, by a list and the events that followed. */
export function checkKnowledge(
  { shown }: List,
  events: readonly JobEvent[],
  service: JobService | undefined,
  services: ModelServices,
): void {
  const known = new Map(shown);
  const announced: string[] = [];
  for (const event of events) {
    if (event.kind !== 'JobStateChange') continue;
    const key = jobKey(event.job);
    if (event.previousState === null) announced.push(key);
    known.set(key, event.state);
  }
  expect(new Set(announced).size, 'a job is announced once').toBe(announced.length);
  for (const { ref, state } of services.jobs) {
    const key = jobKey(ref);
    if (service !== undefined && service !== ref.service) continue;
    expect(known.has(key), `${key} is on the list, or is announced`).toBe(true);
    // The state of an Import/Export job on the list is not known before its first event.
    expect(known.get(key) ?? state, `the state of ${key} is known`).toBe(state);
  }
}
