/** Finds what creates have made whose answers were lost, and cancels jobs that no caller knows of. */
import { randomUUID } from 'node:crypto';
import type { Backends } from '../backends/backend.ts';
import type { Clock } from '../base/clock.ts';
import { kindOf } from './create-kind.ts';
import {
  type CreateRecord,
  type CreateTarget,
  isUnsettled,
  maxUnbound,
  mayHaveLeftovers,
  type Trace,
} from './create-record.ts';
import type { CreateRecords, Listed } from './create-records.ts';
import { findDataExchangeJobs } from './find-data-exchange-job.ts';
import { findImportExportJobs } from './find-import-export-job.ts';
import { findTagged } from './find-tagged.ts';
import { type Attempts, type Finding, findingFrom, type Search, timeWindowsOf } from './finding.ts';
import type { Fingerprint } from './fingerprint.ts';
import { leftoversOf } from './leftovers.ts';
import type { Listing } from './open-creates.ts';
import type { ReadWriteLock } from './read-write-lock.ts';
import { matchOf, workMarkIn } from './work-mark.ts';

export interface ReconciliationParts {
  readonly backends: Backends;
  readonly clock: Clock;
  readonly records: CreateRecords;
  readonly fingerprint: Fingerprint;
  readonly lock: ReadWriteLock;
  readonly settlingMs: Readonly<Record<CreateTarget, number>>;
  /** Interval between two sweeps. */
  readonly sweepMs: number;
}

/** Max number of records of each listing in one sweep. */
const perSweep = 5;

/** A search finds a different job each time only if another gateway has bound the one before. */
const maxSearches = 5;

export class Reconciliation {
  readonly #parts: ReconciliationParts;
  #cancelSweep = (): void => {};
  #sweeping: Promise<void> = Promise.resolve();
  readonly #shutdown = new AbortController();
  readonly #owner = randomUUID();
  /** The listing key after which the next sweep begins. */
  readonly #positions: Record<Listing, string> = { unsettled: '', leftovers: '' };

  constructor(parts: ReconciliationParts) {
    this.#parts = parts;
  }

  /**
   * Searches for the job of a create with an unknown outcome and binds it if found. Throws `BackendError` if the
   * service does not answer, and what the store throws.
   */
  settle(id: string, known: CreateRecord): Promise<Finding> {
    return this.#parts.lock.withSearch(kindOf(known.trace), async () => {
      let last: Finding | undefined;
      for (let search = 0; search < maxSearches; search += 1) {
        const finding = await this.#settleOnce(id, known);
        // An equal create of another gateway may have begun and ended between two reads: so two results in a row must
        // agree.
        const isSure = finding?.outcome !== 'ambiguous' || last?.outcome === 'ambiguous';
        if (finding !== undefined && isSure) return finding;
        last = finding;
      }
      return { outcome: 'unsure' };
    });
  }

  /** Undefined if another gateway has bound the found job to a create of its own. */
  async #settleOnce(id: string, known: CreateRecord): Promise<Finding | undefined> {
    const { records } = this.#parts;
    const { trace } = known;
    // Another search, or the create itself, may have settled it.
    const record = await records.kept(id, known);
    if (record === undefined || record.state === 'REJECTED') return { outcome: 'none' };
    if (record.awsJobId !== undefined) return { outcome: 'found', awsId: record.awsJobId };
    const attempts = await this.#attemptsAt(id, { ...record, trace });
    const finding = findingFrom(await this.#search(id, { ...record, trace }), attempts);
    if (finding.outcome !== 'found') return finding;
    // Checked after the search: a create that made a found job had announced it before.
    if (await records.open.isAnnounced(kindOf(trace))) return { outcome: 'unsure' };
    const { awsJobId } = (await records.bind(id, finding.awsId)) ?? {};
    return awsJobId === undefined ? undefined : { outcome: 'found', awsId: awsJobId };
  }

  /** The attempts of `record` and of other creates whose jobs look the same: any of those may be its own. */
  async #attemptsAt(id: string, record: CreateRecord): Promise<Attempts> {
    const others = await this.#parts.records.otherOpenCreates(kindOf(record.trace), id);
    const alike = [record, ...others.filter((other) => areAlike(record.trace, other.trace))];
    return { count: alike.reduce((sum, each) => sum + maxUnbound(each), 0), windows: alike.flatMap(timeWindowsOf) };
  }

  /** Starts periodic sweeps of creates that callers have not repeated. One gateway sweeps at a time. */
  start(): void {
    const plan = (): void => {
      if (this.#shutdown.signal.aborted) return;
      this.#cancelSweep = this.#parts.clock.schedule(() => {
        this.#sweeping = this.#sweepIfFirst().catch(nothing).finally(plan);
      }, this.#parts.sweepMs);
    };
    plan();
  }

  /** Also aborts a running sweep: another process will repeat it. */
  async stop(): Promise<void> {
    this.#shutdown.abort();
    this.#cancelSweep();
    await this.#sweeping;
  }

  /**
   * Settles open creates and cancels superfluous jobs, a few records at a time. What fails is left to a later sweep.
   */
  async sweep(): Promise<void> {
    for (const each of await this.#next('unsettled')) await this.#sweepUnsettled(each);
    for (const each of await this.#next('leftovers')) await this.#sweepLeftovers(each);
  }

  /** Cancels a job of the create `id` that no caller knows of. A superfluous data set or revision stays. */
  async discard(id: string, target: CreateTarget, awsId: string): Promise<void> {
    const { records, backends } = this.#parts;
    // Noted first, so that no search binds the job that is being cancelled. If the job was started, it has an owner.
    const isOurs = await records.taken.take(id, target, awsId);
    if (!isOurs || target === 'DATA_SET' || target === 'REVISION') return;
    const backend = target === 'DATA_EXCHANGE' ? backends.dataExchange : backends.importExport;
    await backend.cancelJob(awsId, { signal: this.#shutdown.signal }).catch(nothing);
  }

  async #sweepIfFirst(): Promise<void> {
    const { records, sweepMs } = this.#parts;
    // Each gateway notes its own, before any search for jobs that no caller knows of.
    await records.taken.notePending();
    if (await records.claimSweep(this.#owner, 2 * sweepMs)) await this.sweep();
  }

  /** The next few records of a listing; after its end, it begins again. */
  async #next(listing: Listing): Promise<readonly Listed[]> {
    const listed = await this.#parts.records.list(listing, this.#positions[listing], perSweep);
    this.#positions[listing] = listed.length < perSweep ? '' : (listed.at(-1)?.entryKey ?? '');
    return listed;
  }

  async #sweepUnsettled(listed: Listed): Promise<void> {
    const { id, record } = listed;
    // Left to the version that can read it.
    if (record === 'unreadable') return;
    const remove = () => this.#parts.records.remove('unsettled', listed);
    if (record === undefined || !isUnsettled(record) || record.trace === null) return remove();
    // Creates under way settle themselves.
    if (!this.#isSettled(record)) return;
    const finding = await this.settle(id, record).catch(() => undefined);
    // If there is no job, the key's next use sends it again.
    if (finding?.outcome === 'none') await this.#parts.records.setAside(listed, record);
  }

  /**
   * Leftovers are equal jobs that wait: only those may be cancelled, and none that may be the lost job of another
   * create.
   */
  async #sweepLeftovers(listed: Listed): Promise<void> {
    const { record } = listed;
    const { records, lock } = this.#parts;
    if (record === 'unreadable') return;
    if (record === undefined || !mayHaveLeftovers(record)) return records.remove('leftovers', listed);
    if (!this.#isSettled(record)) return;
    const isDone = await lock
      .withSearch(kindOf(record.trace), () => this.#cancelLeftovers(listed.id, record))
      .catch(() => false);
    if (isDone) await records.remove('leftovers', listed);
  }

  async #cancelLeftovers(id: string, record: CreateRecord): Promise<boolean> {
    const { candidates, isWhole } = await this.#search(id, record);
    // Checked after the search: every create whose job it found was under way before, or is recorded by now.
    if (!isWhole || (await this.#parts.records.open.isOpen(kindOf(record.trace), id))) return false;
    const leftovers = leftoversOf(record, candidates);
    for (const { awsId } of leftovers ?? []) await this.discard(id, record.service, awsId);
    return leftovers !== undefined;
  }

  async #search(id: string, record: CreateRecord): Promise<Search> {
    const { trace, dispatchedAt, service } = record;
    const { backends, records, fingerprint } = this.#parts;
    const repeated = trace?.service === 'DATA_EXCHANGE' ? trace.repeats : undefined;
    const isTaken = async (awsId: string) => awsId === repeated || (await records.taken.isTaken(id, service, awsId));
    const search = { windows: timeWindowsOf(record), isTaken, call: { signal: this.#shutdown.signal } };
    if (trace?.service === 'IMPORT_EXPORT') {
      const { generator } = trace;
      return findImportExportJobs({ ...search, generator, dispatchedAt, backend: backends.importExport });
    }
    if (trace?.service === 'DATA_SET' || trace?.service === 'REVISION') {
      return findTagged({ ...search, trace, dispatchedAt, backend: backends.catalog });
    }
    const mark = workMarkIn(trace);
    if (trace === null || mark === undefined) return { candidates: [], isWhole: false };
    const { dataSetId } = trace;
    return findDataExchangeJobs({ ...search, dataSetId, mark, fingerprint, backend: backends.dataExchange });
  }

  #isSettled({ service, attemptAt }: CreateRecord): boolean {
    return this.#parts.clock.now() >= attemptAt + this.#parts.settlingMs[service];
  }
}

/** Whether jobs of both creates may look the same. */
function areAlike(one: Trace | null, other: Trace | null): boolean {
  const [mark, otherMark] = [workMarkIn(one), workMarkIn(other)];
  return mark !== undefined && otherMark !== undefined && matchOf(mark, otherMark) !== 'different';
}

async function nothing(): Promise<void> {}
