/** The watcher over both services, those who watch, and what must hold of them after whatever has happened. */
import { expect } from 'vitest';
import { dataExchangeStates } from '../../../src/backends/data-exchange/states.ts';
import { importExportStates } from '../../../src/backends/import-export/states.ts';
import type { Job } from '../../../src/model/job.ts';
import { isFinished, type JobRef, type JobService, type JobState, jobServices } from '../../../src/model/job-state.ts';
import { CallBudget } from '../../../src/watch/budget.ts';
import { type PollAssignment, pollsEverything } from '../../../src/watch/cluster/poll-assignment.ts';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import { jobKey, type Transition, type TransitionLog } from '../../../src/watch/history/transition-log.ts';
import type { JobEvent } from '../../../src/watch/streams/events.ts';
import { Watcher } from '../../../src/watch/watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Beliefs, beliefsOf } from './beliefs.ts';
import { ModelCluster } from './cluster.ts';
import { activityAfter, keysOf, nextAfter, offsetIn, type Positions, Reader, stateAt, toldBy } from './readers.ts';
import { ModelServices, versionOf } from './services.ts';

interface JobReader {
  readonly kind: 'jobs';
  readonly reader: Reader;
  readonly refs: readonly JobRef[];
  readonly start: Positions;
  /** Keys of the jobs that were told to be gone before it came back. */
  readonly gone: ReadonlySet<string>;
  readonly isExpired: boolean;
  /** No present state is older than this. */
  bornAt: number | undefined;
  startedAt: number;
}

interface ActivityReader {
  readonly kind: 'activity';
  readonly reader: Reader;
  readonly service: JobService | undefined;
  readonly isExpired: boolean;
  /** The offset after which everything comes; that of the moment at which the reading begins, without a cursor. */
  after: number | undefined;
  startedAt: number;
}

type Watching = ActivityReader | JobReader;

const maxReaders = 8;

/** Two readings of a few calls each, where none of them takes long: the one under way and the one that was asked for. */
const promptMs = 1_300;

/** Three readings that fail, each after the longest interval at most, and the one that was under way; and what the gateways say of it. */
const troubledMs = 45_000;

export class World {
  readonly clock = new FakeClock();
  readonly services = new ModelServices(this.clock);
  /** Where there is more than one gateway. */
  readonly cluster: ModelCluster | undefined;
  readonly #log: MemoryTransitionLog;
  readonly #watchers: readonly Watcher[];
  /** Which of the gateways is turned to next. */
  #turn = 0;
  readonly #observed: Transition[] = [];
  readonly #watching: Watching[] = [];
  readonly #retained: number;
  #hasLagged = false;
  #hasFailed = false;
  #hasLostNotices = false;
  #wasSlow = false;
  /** Since when the services, the gateways and what lies between them are as they are. */
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
    this.#watchers = members.map(({ log, assignment }) => this.#watcherOver(log, assignment));
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

  /** Each gateway in its turn: whoever comes back comes to another. */
  get #watcher(): Watcher {
    this.#turn += 1;
    const watcher = this.#watchers[this.#turn % this.#watchers.length];
    if (watcher === undefined) throw new Error('expected a gateway');
    return watcher;
  }

  /** What gateways tell each other beside the log may get lost from here on, or no more. */
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

  /** Those of `named` that there are or were. */
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
        bornAt: undefined,
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

  /** Breaks off and comes back with the cursor of the `place`th event, counted round. */
  async reconnect(index: number, place: number, isLate: boolean): Promise<void> {
    const old = this.#at(index);
    const events = old?.reader.events ?? [];
    const last = events[place % Math.max(1, events.length)];
    if (old === undefined || last === undefined || this.#watching.length >= maxReaders) return;
    await old.reader.leave();
    const isExpired = this.#log.head - offsetIn(last.cursor) > this.#held;
    if (old.kind === 'jobs') this.#reconnectJobs(old, last, last.cursor, isExpired, isLate);
    else this.#reconnectActivity(old, last.cursor, isExpired, isLate);
  }

  #reconnectJobs(old: JobReader, last: JobEvent, cursor: string, isExpired: boolean, isLate: boolean): void {
    const seen = old.reader.events.slice(0, old.reader.events.indexOf(last) + 1);
    const { positions } = toldBy(withoutExpiry(seen), old.start, this.#observed, this.services, old.gone);
    const missing = seen.flatMap((event) => (event.kind === 'JobGone' ? [jobKey(event.job)] : []));
    const gone = new Set([...old.gone, ...missing]);
    const reader = new Reader(this.#watcher.watchJobs(old.refs, cursor));
    const start = isExpired ? keysOf(old.refs) : positions;
    this.#add(
      { kind: 'jobs', reader, refs: old.refs, start, gone, isExpired, bornAt: undefined, startedAt: 0 },
      isLate,
    );
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

  /** Nothing is told twice, out of turn or from nowhere; whoever reads has been told all; nobody watching means no work. */
  check(): void {
    this.#checkLog();
    for (const watching of this.#watching) this.#checkReader(watching);
    this.#checkBeliefs();
    if (this.#isWatched) return;
    const watched = this.#watchers.reduce((sum, { watchedJobs }) => sum + watchedJobs, 0);
    // What a gateway of several has begun to append it sees to its end.
    const timers = this.cluster === undefined ? this.clock.pendingTimers : 0;
    expect([watched, timers], 'nobody watches, nothing runs').toEqual([0, 0]);
  }

  /** Once the services are well again and time has passed, everyone knows what is true; then all leave. */
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
    expect(this.services.calls - calls, 'calls for nobody').toBe(0);
    this.check();
  }

  get #isWatched(): boolean {
    return this.#watching.some(({ reader }) => reader.isStarted && reader.isOpen);
  }

  /** How many of the newest transitions the log still has. */
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
    this.#gatewayOf.set(watching, this.#turn % this.#watchers.length);
    if (!isLate) this.#start(watching);
  }

  #start(watching: Watching): void {
    watching.startedAt ||= this.clock.now();
    if (watching.kind === 'jobs') {
      watching.bornAt ??= this.services.versions;
    } else watching.after ??= this.#log.head;
    watching.reader.read();
  }

  /** Stale and fresh alternate for each reader; whoever is told so because of one job is not the only one of those who watch it. */
  #checkBeliefs(): void {
    this.#beliefs.clear();
    this.#open.clear();
    for (const watching of this.#watching) {
      const { reader } = watching;
      const { stale, services } = this.#beliefsOf(watching);
      const isStale = stale.size + services.size > 0;
      if (!this.#hasFailed) expect(isStale, 'nothing is stale where nothing failed').toBe(false);
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
      if (isDown) expect([...stale], 'what cannot be read is told stale').toContain(key);
      const others = open.filter(({ service }) => service === ref.service);
      if (others.length > 1 || !stale.has(key)) continue;
      for (const peer of this.#peersOf(watching, key))
        expect([...this.#beliefsOf(peer).stale], 'stale for one is stale for all').toContain(key);
    }
  }

  #checkTroubleOf({ service, startedAt }: ActivityReader, services: ReadonlySet<JobService>): void {
    const admitted = service === undefined ? jobServices : [service];
    for (const each of admitted)
      if (this.#isTroubled(each, startedAt)) expect([...services], 'what cannot be listed is stale').toContain(each);
  }

  /** Whether a service has been in trouble for so long that every reader must know, wherever it watches. */
  #isTroubled(service: JobService, startedAt: number): boolean {
    const isLong = this.clock.now() - Math.max(this.#steadySince, startedAt) > troubledMs;
    return isLong && this.services.trouble[service] !== 'none' && !this.#hasLostNotices && !this.#wasSlow;
  }

  /** Others who read of the job at the same gateway. */
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
    const { closed } = toldBy(withoutExpiry(reader.events), start, this.#observed, this.services, gone);
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
    const { closed } = toldBy([], start, this.#observed, this.services, gone);
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
          // A list of Import/Export names no version.
          // A step forward in a list that lags is believed; no job of the services goes back to before it.
          if (!Number.isNaN(version) && !this.#hasLagged)
            expect(version, `${key} is not taken back`).toBeGreaterThan(lastVersion.get(key) ?? 0);
        }
      }
      expect(stateTold(transition.job), `${key} is told as it was then`).toBeOneOf([transition.to, undefined]);
      const isWhole = stateTold(transition.job) !== undefined && !Number.isNaN(versionOf(transition.job));
      if (isWhole) lastVersion.set(key, versionOf(transition.job));
      last.set(key, transition);
    }
  }

  #checkReader(watching: Watching): void {
    const { events, isReading, isStarted } = watching.reader;
    if (!isStarted) return;
    expect(watching.reader.ending).not.toBe('failed');
    if (watching.isExpired && (isReading || events.length > 0))
      expect(events[0], 'a cursor too old is told of first').toMatchObject({ kind: 'JobEventsMissed' });
    if (watching.kind === 'jobs') this.#checkJobReader(watching);
    else this.#checkActivityReader(watching);
  }

  #checkJobReader({ reader, refs, start, gone, bornAt = 0, startedAt }: JobReader): void {
    const events = withoutExpiry(reader.events);
    const { positions, closed } = toldBy(events, start, this.#observed, this.services, gone);
    if (!this.#hasLagged) {
      for (const event of events) {
        if (event.kind !== 'JobStateChange' || event.previousState !== null) continue;
        const isFresh = versionOf(event.job) >= bornAt || versionOf(event.job) === this.#versionAt(event.job, bornAt);
        expect(isFresh, 'the present is not the past').toBe(true);
      }
    }
    if (!reader.isReading || reader.ending === 'left') return;
    for (const [key, position] of positions) {
      if (closed.has(key)) continue;
      if (position === undefined) {
        // A job that is young is asked for again before it counts as gone.
        const isThere = refs.some((ref) => jobKey(ref) === key && this.services.presentOf(ref) !== undefined);
        const isOverdue = isThere && this.clock.now() - startedAt > promptMs && !this.#hasFailed;
        expect(isOverdue && !this.#wasSlow, 'the present comes at once').toBe(false);
        continue;
      }
      expect(nextAfter(this.#observed, key, position), 'all that was observed is told').toBeUndefined();
    }
    expect(reader.ending === 'completed', 'complete when every job has ended').toBe(closed.size === start.size);
  }

  #versionAt(ref: JobRef, version: number): number | undefined {
    return this.services
      .versionsOf(ref)
      .filter((each) => each <= version)
      .at(-1);
  }

  #checkActivityReader({ reader, service, after = 0 }: ActivityReader): void {
    const expected = activityAfter(this.#observed, after, service);
    const told = withoutExpiry(reader.events)
      .filter(({ kind }) => kind !== 'JobsStale' && kind !== 'JobsFresh')
      .map((event) => (event.kind === 'JobStateChange' ? event.job : event));
    const must = expected.map(({ job }) => job);
    const isWhole = reader.isReading && reader.ending !== 'left';
    expect(told.length, 'what activity brings').toBe(isWhole ? must.length : told.length);
    for (const [place, job] of told.entries()) expect(job, 'activity in its order').toBe(must[place]);
  }

  #checkTruth(watching: Watching): void {
    const { stale, services } = this.#beliefsOf(watching);
    expect([...stale, ...services], 'nothing is stale for ever').toEqual([]);
    if (watching.kind === 'activity') {
      for (const { ref, state } of this.services.jobs) {
        if (isFinished(state) || (watching.service !== undefined && watching.service !== ref.service)) continue;
        expect(this.#log.last(ref)?.to, 'activity knows the present').toBe(state);
      }
      return;
    }
    const { reader, start, gone } = watching;
    const { positions, closed } = toldBy(withoutExpiry(reader.events), start, this.#observed, this.services, gone);
    for (const ref of watching.refs) {
      const key = jobKey(ref);
      const present = this.services.presentOf(ref);
      if (closed.has(key)) continue;
      expect(present, 'who is gone is told').toBeDefined();
      expect(stateAt(this.#observed, key, positions.get(key)), 'what is true is told').toBe(present?.state);
    }
  }
}

/** What a job says of its state itself; undefined where no more than an outline was kept, and the rest is read anew. */
function stateTold(job: Job): JobState | undefined {
  if (job.service === 'IMPORT_EXPORT') return job.status?.state ?? job.state;
  return job.outline === undefined ? job.state : undefined;
}

function withoutExpiry(events: readonly JobEvent[]): readonly JobEvent[] {
  const [first] = events;
  return first?.kind === 'JobEventsMissed' ? events.slice(1) : events;
}
