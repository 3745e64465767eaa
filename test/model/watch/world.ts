/** Watchers over both services, their readers, and the invariants that must hold after any step. */
import { expect } from 'vitest';
import { dataExchangeStates } from '../../../src/backends/data-exchange/states.ts';
import { importExportStates } from '../../../src/backends/import-export/states.ts';
import type { Job } from '../../../src/model/job.ts';
import { isFinished, type JobRef, type JobService, type JobState, jobServices } from '../../../src/model/job-state.ts';
import { isStepForward } from '../../../src/watch/anomaly.ts';
import { CallBudget } from '../../../src/watch/budget.ts';
import { type PollAssignment, pollsEverything } from '../../../src/watch/cluster/poll-assignment.ts';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import { jobKey, type Transition, type TransitionLog } from '../../../src/watch/history/transition-log.ts';
import type { JobEvent } from '../../../src/watch/streams/events.ts';
import { Watcher } from '../../../src/watch/watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Beliefs, beliefsOf } from './beliefs.ts';
import { ModelCluster } from './cluster.ts';
import { checkKnowledge, type List, Lister } from './lists.ts';
import {
  activityAfter,
  keysOf,
  nextAfter,
  offsetIn,
  type Positions,
  Reader,
  receivedFrom,
  stateAt,
} from './readers.ts';
import { ModelServices, versionOf } from './services.ts';

interface JobReader {
  readonly kind: 'jobs';
  readonly reader: Reader;
  readonly refs: readonly JobRef[];
  readonly start: Positions;
  /** Keys of the jobs with a JobGone before it resumed. */
  readonly gone: ReadonlySet<string>;
  readonly isExpired: boolean;
  /** The lowest version that it may receive as present. */
  firstVersion: number | undefined;
  startedAt: number;
}

interface ActivityReader {
  readonly kind: 'activity';
  readonly reader: Reader;
  readonly service: JobService | undefined;
  readonly isExpired: boolean;
  /** The list from whose cursor it went on. */
  readonly list?: List;
  /** The offset after which everything must come; without a cursor, that of the beginning. */
  after: number | undefined;
  startedAt: number;
}

type Watching = ActivityReader | JobReader;

const maxReaders = 8;

/** Two readings of a few fast calls: the one under way and the requested one. */
const promptMs = 1_300;

/**
 * Three failed readings, each after the longest interval at most, the one under way, and the notices between gateways.
 */
const troubledMs = 45_000;

export class World {
  readonly clock = new FakeClock();
  readonly services = new ModelServices(this.clock);
  /** Present if there are several gateways. */
  readonly cluster: ModelCluster | undefined;
  readonly #log: MemoryTransitionLog;
  readonly #watchers: readonly Watcher[];
  readonly #listers: readonly Lister[];
  readonly #lists: List[] = [];
  /** The next gateway to use. */
  #nextIndex = 0;
  readonly #observed: Transition[] = [];
  readonly #watching: Watching[] = [];
  readonly #retained: number;
  #hasLagged = false;
  #hasFailed = false;
  #hasLostNotices = false;
  #wasSlow = false;
  /** When the services, the gateways or their connections last changed. */
  #steadySince = 0;
  /** As of the last check. */
  readonly #beliefs = new Map<Watching, Beliefs>();
  readonly #open = new Map<JobReader, readonly JobRef[]>();
  readonly #gatewayOf = new Map<Watching, number>();

  constructor(retained: number, isCluster = false) {
    this.#retained = retained;
    this.cluster = isCluster ? new ModelCluster(this.clock, retained) : undefined;
    this.#log = this.cluster?.log ?? new MemoryTransitionLog('log', { transitions: retained });
    const members = this.cluster?.members ?? [{ log: this.#log, assignment: pollsEverything }];
    const gateways = members.map(({ log, assignment }) => {
      return { log, assignment, clock: this.clock, watcher: this.#watcherOver(log, assignment) };
    });
    this.#watchers = gateways.map(({ watcher }) => watcher);
    this.#listers = gateways.map((gateway) => new Lister(gateway));
    this.#log.follow((transition) => this.#observed.push(transition));
  }

  #watcherOver(log: TransitionLog, assignment: PollAssignment): Watcher {
    const budgets = { DATA_EXCHANGE: new CallBudget(this.clock, 200), IMPORT_EXPORT: new CallBudget(this.clock, 200) };
    return new Watcher({
      sources: {
        DATA_EXCHANGE: dataExchangeStates(this.services.dataExchange, budgets.DATA_EXCHANGE),
        IMPORT_EXPORT: importExportStates(this.services.importExport, budgets.IMPORT_EXPORT),
      },
      clock: this.clock,
      cadence: { minMs: 1_000, maxMs: 8_000 },
      log,
      assignment,
      cursorKey: new Uint8Array(32),
    });
  }

  /** The next gateway: a reader that resumes comes to another one. */
  get #watcher(): Watcher {
    this.#nextIndex += 1;
    const watcher = this.#watchers[this.#nextIndex % this.#watchers.length];
    if (watcher === undefined) throw new Error('expected a gateway');
    return watcher;
  }

  /** Sets whether notices between gateways get lost. */
  setLossOfNotices(losesNotices: boolean): void {
    this.#hasLostNotices ||= losesNotices;
    if (this.cluster !== undefined) this.cluster.losesNotices = losesNotices;
  }

  changeLeader(): void {
    this.#steadySince = this.clock.now();
    this.cluster?.changeLeader();
  }

  setAway(isAway: boolean): void {
    this.#hasFailed ||= isAway;
    this.#steadySince = this.clock.now();
    this.cluster?.setAway(isAway);
  }

  setAppendTime(ms: number): void {
    this.#wasSlow ||= ms > 0;
    if (this.cluster !== undefined) this.cluster.appendMs = ms;
  }

  noteMutation(ref: JobRef): void {
    this.#watcher.noteMutation(ref);
  }

  setLag(isLagging: boolean): void {
    this.#hasLagged ||= isLagging;
    this.services.setLag(isLagging);
  }

  setTrouble(service: JobService, trouble: ModelServices['trouble'][JobService]): void {
    this.#hasFailed ||= trouble !== 'none';
    this.#steadySince = this.clock.now();
    this.services.trouble[service] = trouble;
  }

  /** Watches those of `named` that exist or have existed. */
  watchJobs(named: readonly JobRef[], isLate: boolean): void {
    const refs = named.filter((ref) => this.services.wasEver(ref));
    if (this.#watching.length >= maxReaders || refs.length === 0) return;
    const reader = new Reader(this.#watcher.watchJobs(refs, undefined));
    this.#add(
      {
        kind: 'jobs',
        reader,
        refs,
        start: keysOf(refs),
        gone: new Set(),
        isExpired: false,
        firstVersion: undefined,
        startedAt: 0,
      },
      isLate,
    );
  }

  watchActivity(service: JobService | undefined, isLate: boolean): void {
    if (this.#watching.length >= maxReaders) return;
    const filter = service === undefined ? {} : { service };
    const reader = new Reader(this.#watcher.watchActivity(filter, undefined));
    this.#add({ kind: 'activity', reader, service, isExpired: false, after: undefined, startedAt: 0 }, isLate);
  }

  /** Creates the job, or moves it forward. */
  advanceJob(ref: JobRef, to: JobState): void {
    const before = this.services.presentOf(ref)?.state;
    if (before === undefined ? to !== 'UNKNOWN' : isStepForward(before, to)) this.services.set(ref, to);
  }

  /** Lists all jobs, at the next gateway. While a service is in trouble, a list would lack its jobs. */
  list(): void {
    this.#nextIndex += 1;
    if (jobServices.some((service) => this.services.trouble[service] !== 'none')) return;
    const lister = this.#listers[this.#nextIndex % this.#listers.length];
    void lister?.list(this.services).then((list) => {
      if (list !== undefined) this.#lists.push(list);
    });
  }

  /** Watches activity from the cursor of the list at this index, modulo their number. */
  watchFromList(index: number, service: JobService | undefined, isLate: boolean): void {
    const list = this.#lists[index % Math.max(1, this.#lists.length)];
    if (list === undefined || this.#watching.length >= maxReaders) return;
    const after = offsetIn(list.cursor);
    const isExpired = this.#log.head - after > this.#held;
    const reader = new Reader(this.#watcher.watchActivity(service === undefined ? {} : { service }, list.cursor));
    const expected = { isExpired, after: isExpired ? this.#log.head : after, startedAt: 0 };
    this.#add({ kind: 'activity', reader, service, list, ...expected }, isLate);
  }

  async leave(index: number): Promise<void> {
    await this.#at(index)?.reader.leave();
  }

  pause(index: number): void {
    this.#at(index)?.reader.pause();
  }

  resume(index: number): void {
    const watching = this.#at(index);
    if (watching?.reader.isOpen) this.#start(watching);
  }

  /**
   * Disconnects and resumes with the cursor of the event at this index, modulo their number. A reader of jobs then
   * watches those of `toggled` that it did not watch, and no longer those that it did.
   */
  async reconnect(index: number, eventIndex: number, isLate: boolean, toggled: readonly JobRef[] = []): Promise<void> {
    const old = this.#at(index);
    const events = old?.reader.events ?? [];
    const last = events[eventIndex % Math.max(1, events.length)];
    if (old === undefined || last === undefined || this.#watching.length >= maxReaders) return;
    await old.reader.leave();
    const isExpired = this.#log.head - offsetIn(last.cursor) > this.#held;
    if (old.kind === 'jobs') this.#reconnectJobs(old, last, isExpired, isLate, toggled);
    else this.#reconnectActivity(old, last.cursor, isExpired, isLate);
  }

  #reconnectJobs(
    old: JobReader,
    last: JobEvent,
    isExpired: boolean,
    isLate: boolean,
    toggled: readonly JobRef[],
  ): void {
    const received = old.reader.events.slice(0, old.reader.events.indexOf(last) + 1);
    const { positions } = receivedFrom(withoutExpiry(received), old.start, this.#observed, this.services, old.gone);
    const missing = received.flatMap((event) => (event.kind === 'JobGone' ? [jobKey(event.job)] : []));
    const refs = this.#toggledRefs(old.refs, toggled);
    const keys = refs.map(jobKey);
    const gone = new Set([...old.gone, ...missing].filter((key) => keys.includes(key)));
    const reader = new Reader(this.#watcher.watchJobs(refs, last.cursor));
    const start = isExpired ? keysOf(refs) : new Map(keys.map((key) => [key, positions.get(key)]));
    this.#add({ kind: 'jobs', reader, refs, start, gone, isExpired, firstVersion: undefined, startedAt: 0 }, isLate);
  }

  /** A reader keeps its jobs if it would be left with none. */
  #toggledRefs(refs: readonly JobRef[], toggled: readonly JobRef[]): readonly JobRef[] {
    const kept = refs.filter((ref) => !toggled.includes(ref));
    const added = toggled.filter((ref) => !refs.includes(ref) && this.services.wasEver(ref));
    return kept.length + added.length === 0 ? refs : [...kept, ...added];
  }

  #reconnectActivity({ service }: ActivityReader, cursor: string, isExpired: boolean, isLate: boolean): void {
    const filter = service === undefined ? {} : { service };
    const reader = new Reader(this.#watcher.watchActivity(filter, cursor));
    const after = isExpired ? this.#log.head : offsetIn(cursor);
    this.#add({ kind: 'activity', reader, service, isExpired, after, startedAt: 0 }, isLate);
  }

  setLatency(ms: number): void {
    this.#wasSlow ||= ms > 300;
    this.services.latencyMs = ms;
  }

  /**
   * Checks that no event is repeated, out of order or invented, that readers have received everything, and that nothing
   * runs without readers.
   */
  check(): void {
    this.#checkLog();
    for (const watching of this.#watching) this.#checkReader(watching);
    this.#checkBeliefs();
    if (this.#isWatched) return;
    const watched = this.#watchers.reduce((sum, { watchedJobs }) => sum + watchedJobs, 0);
    // A gateway of a cluster completes its pending appends.
    const timers = this.cluster === undefined ? this.clock.pendingTimers : 0;
    expect([watched, timers], 'without readers nothing runs').toEqual([0, 0]);
  }

  /**
   * After the services have recovered and time has passed, checks that every reader knows the truth; then all leave.
   */
  async end(): Promise<void> {
    this.setTrouble('DATA_EXCHANGE', 'none');
    this.setTrouble('IMPORT_EXPORT', 'none');
    this.setLag(false);
    this.setAway(false);
    this.setLossOfNotices(false);
    this.setAppendTime(0);
    this.services.latencyMs = 0;
    for (const { reader } of this.#watching) if (reader.isOpen && reader.isStarted) reader.read();
    await this.clock.advance(120_000);
    this.check();
    for (const watching of this.#watching)
      if (watching.reader.isOpen && watching.reader.isStarted) this.#checkTruth(watching);
    for (const { reader } of this.#watching) await reader.leave();
    await this.clock.advance(0);
    const { calls } = this.services;
    await this.clock.advance(600_000);
    expect(this.services.calls - calls, 'no calls without readers').toBe(0);
    this.check();
  }

  get #isWatched(): boolean {
    return this.#watching.some(({ reader }) => reader.isStarted && reader.isOpen);
  }

  /** Number of the newest transitions that the log still has. */
  get #held(): number {
    let held = 0;
    for (let appended = 0; appended < this.#observed.length; appended += 1) {
      held += 1;
      if (held >= 2 * this.#retained) held -= this.#retained;
    }
    return held;
  }

  #at(index: number): Watching | undefined {
    return this.#watching[index % Math.max(1, this.#watching.length)];
  }

  #add(watching: Watching, isLate: boolean): void {
    this.#watching.push(watching);
    this.#gatewayOf.set(watching, this.#nextIndex % this.#watchers.length);
    if (!isLate) this.#start(watching);
  }

  #start(watching: Watching): void {
    watching.startedAt ||= this.clock.now();
    if (watching.kind === 'jobs') {
      watching.firstVersion ??= this.services.versions;
    } else watching.after ??= this.#log.head;
    watching.reader.read();
  }

  /** Checks that stale and fresh alternate for each reader, and that all readers of a job agree. */
  #checkBeliefs(): void {
    this.#beliefs.clear();
    this.#open.clear();
    for (const watching of this.#watching) {
      const { reader } = watching;
      const { stale, services } = this.#beliefsOf(watching);
      const isStale = stale.size + services.size > 0;
      if (!this.#hasFailed) expect(isStale, 'nothing is stale without a failure').toBe(false);
      if (reader.ending === 'completed') expect(isStale, 'nothing is left stale').toBe(false);
      if (!reader.isStarted || !reader.isReading || !reader.isOpen) continue;
      if (watching.kind === 'activity') this.#checkTroubleOf(watching, services);
      else this.#checkStaleness(watching, stale);
    }
  }

  #checkStaleness(watching: JobReader, stale: ReadonlySet<string>): void {
    const open = this.#openOf(watching);
    for (const ref of open) {
      const key = jobKey(ref);
      const isDown =
        this.#isTroubled(ref.service, watching.startedAt) && this.services.trouble[ref.service] !== 'lists denied';
      if (isDown) expect([...stale], 'an unreadable job is stale').toContain(key);
      const others = open.filter(({ service }) => service === ref.service);
      if (others.length > 1 || !stale.has(key)) continue;
      for (const peer of this.#peersOf(watching, key))
        expect([...this.#beliefsOf(peer).stale], 'a job that is stale for one reader is stale for all').toContain(key);
    }
  }

  #checkTroubleOf({ service, startedAt }: ActivityReader, services: ReadonlySet<JobService>): void {
    const admitted = service === undefined ? jobServices : [service];
    for (const each of admitted)
      if (this.#isTroubled(each, startedAt)) expect([...services], 'an unreadable list is stale').toContain(each);
  }

  /** Whether a service has been in trouble for so long that every reader at every gateway must know. */
  #isTroubled(service: JobService, startedAt: number): boolean {
    const isLong = this.clock.now() - Math.max(this.#steadySince, startedAt) > troubledMs;
    return isLong && this.services.trouble[service] !== 'none' && !this.#hasLostNotices && !this.#wasSlow;
  }

  /** Other readers of the job at the same gateway. */
  #peersOf(watching: JobReader, key: string): readonly JobReader[] {
    return this.#watching.filter((each): each is JobReader => {
      const isSame = this.#gatewayOf.get(each) === this.#gatewayOf.get(watching);
      if (!isSame || each.kind !== 'jobs' || !each.reader.isReading || !each.reader.isOpen) return false;
      return this.#openOf(each).some((ref) => jobKey(ref) === key);
    });
  }

  #openOf(watching: JobReader): readonly JobRef[] {
    const known = this.#open.get(watching) ?? this.#openNow(watching);
    this.#open.set(watching, known);
    return known;
  }

  #openNow({ reader, refs, start, gone }: JobReader): readonly JobRef[] {
    const { closed } = receivedFrom(withoutExpiry(reader.events), start, this.#observed, this.services, gone);
    return refs.filter((ref) => !closed.has(jobKey(ref)));
  }

  #beliefsOf(watching: Watching): Beliefs {
    const known = this.#beliefs.get(watching) ?? this.#beliefsNow(watching);
    this.#beliefs.set(watching, known);
    return known;
  }

  #beliefsNow(watching: Watching): Beliefs {
    const { events } = watching.reader;
    if (watching.kind === 'activity') return beliefsOf(events, []);
    const { start, gone, refs } = watching;
    const { closed } = receivedFrom([], start, this.#observed, this.services, gone);
    return beliefsOf(
      events,
      refs.filter((ref) => !closed.has(jobKey(ref))),
    );
  }

  #checkLog(): void {
    const last = new Map<string, Transition>();
    const lastVersion = new Map<string, number>();
    for (const transition of this.#observed) {
      const key = jobKey(transition.job);
      const before = last.get(key);
      expect(transition.sequence, 'sequences have no gap').toBe((before?.sequence ?? 0) + 1);
      if (before !== undefined) {
        if (transition.kind === 'appeared') expect(transition.to, `${key} appears as it is known`).toBe(before.to);
        else {
          expect([transition.from, transition.to === before.to], 'a change').toEqual([before.to, false]);
          const version = versionOf(transition.job);
          // A list of Import/Export names no version. A forward step in a lagging list is believed; no job of the
          // services goes back before it.
          if (!Number.isNaN(version) && !this.#hasLagged)
            expect(version, `${key} is not taken back`).toBeGreaterThan(lastVersion.get(key) ?? 0);
        }
      }
      expect(stateShown(transition.job), `${key} is logged in its state of then`).toBeOneOf([transition.to, undefined]);
      const isWhole = stateShown(transition.job) !== undefined && !Number.isNaN(versionOf(transition.job));
      if (isWhole) lastVersion.set(key, versionOf(transition.job));
      last.set(key, transition);
    }
  }

  #checkReader(watching: Watching): void {
    const { events, isReading, isStarted } = watching.reader;
    if (!isStarted) return;
    expect(watching.reader.ending).not.toBe('failed');
    if (watching.isExpired && (isReading || events.length > 0))
      expect(events[0], 'a cursor that is too old brings JobEventsMissed first').toMatchObject({
        kind: 'JobEventsMissed',
      });
    if (watching.kind === 'jobs') this.#checkJobReader(watching);
    else this.#checkActivityReader(watching);
  }

  #checkJobReader({ reader, refs, start, gone, firstVersion = 0, startedAt }: JobReader): void {
    const events = withoutExpiry(reader.events);
    const { positions, closed } = receivedFrom(events, start, this.#observed, this.services, gone);
    if (!this.#hasLagged) {
      for (const event of events) {
        if (event.kind !== 'JobStateChange' || event.previousState !== null) continue;
        const isFresh =
          versionOf(event.job) >= firstVersion || versionOf(event.job) === this.#versionAt(event.job, firstVersion);
        expect(isFresh, 'the present state is not an older one').toBe(true);
      }
    }
    if (!reader.isReading || reader.ending === 'left') return;
    for (const [key, position] of positions) {
      if (closed.has(key)) continue;
      if (position === undefined) {
        // A young job is read again before it counts as gone.
        const isThere = refs.some((ref) => jobKey(ref) === key && this.services.presentOf(ref) !== undefined);
        const isOverdue = isThere && this.clock.now() - startedAt > promptMs && !this.#hasFailed;
        expect(isOverdue && !this.#wasSlow, 'the present comes at once').toBe(false);
        continue;
      }
      expect(nextAfter(this.#observed, key, position), 'all transitions are emitted').toBeUndefined();
    }
    expect(reader.ending === 'completed', 'the stream completes when every job has ended').toBe(
      closed.size === start.size,
    );
  }

  #versionAt(ref: JobRef, version: number): number | undefined {
    return this.services
      .versionsOf(ref)
      .filter((each) => each <= version)
      .at(-1);
  }

  #checkActivityReader({ reader, service, after = 0 }: ActivityReader): void {
    const expected = activityAfter(this.#observed, after, service);
    const emitted = withoutExpiry(reader.events)
      .filter(({ kind }) => kind !== 'JobsStale' && kind !== 'JobsFresh')
      .map((event) => (event.kind === 'JobStateChange' ? event.job : event));
    const must = expected.map(({ job }) => job);
    const isWhole = reader.isReading && reader.ending !== 'left';
    expect(emitted.length, 'the number of activity events').toBe(isWhole ? must.length : emitted.length);
    for (const [index, job] of emitted.entries()) expect(job, 'activity events are in order').toBe(must[index]);
  }

  #checkTruth(watching: Watching): void {
    const { stale, services } = this.#beliefsOf(watching);
    expect([...stale, ...services], 'nothing stays stale').toEqual([]);
    if (watching.kind === 'activity') {
      for (const { ref, state } of this.services.jobs) {
        if (isFinished(state) || (watching.service !== undefined && watching.service !== ref.service)) continue;
        expect(this.#log.last(ref)?.to, 'the log has the present state').toBe(state);
      }
      const { list, service, reader, isExpired } = watching;
      if (list !== undefined && !isExpired) checkKnowledge(list, reader.events, service, this.services);
      return;
    }
    const { reader, start, gone } = watching;
    const { positions, closed } = receivedFrom(
      withoutExpiry(reader.events),
      start,
      this.#observed,
      this.services,
      gone,
    );
    for (const ref of watching.refs) {
      const key = jobKey(ref);
      const present = this.services.presentOf(ref);
      if (closed.has(key)) continue;
      expect(present, 'a deleted job has brought its JobGone').toBeDefined();
      expect(stateAt(this.#observed, key, positions.get(key)), 'the reader has the present state').toBe(present?.state);
    }
  }
}

/** The state in a job itself; undefined for an outline, whose details are read afresh. */
function stateShown(job: Job): JobState | undefined {
  if (job.service === 'IMPORT_EXPORT') return job.status?.state ?? job.state;
  return job.outline === undefined ? job.state : undefined;
}

function withoutExpiry(events: readonly JobEvent[]): readonly JobEvent[] {
  const [first] = events;
  return first?.kind === 'JobEventsMissed' ? events.slice(1) : events;
}
