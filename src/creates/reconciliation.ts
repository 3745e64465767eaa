/** Finds out what became of creates whose answers were lost, and clears away the jobs that nobody was told of. */
import { randomUUID } from 'node:crypto';
import type { Backends } from '../backends/backend.ts';
import type { Clock } from '../base/clock.ts';
import type { JobService } from '../model/job-state.ts';
import { kindOf } from './create-kind.ts';
import { type CreateRecord, isUnsettled, maxUnbound, mayHaveLeftovers, type Trace } from './create-record.ts';
import type { CreateRecords, Listed } from './create-records.ts';
import { findDataExchangeJobs } from './find-data-exchange-job.ts';
import { findImportExportJobs } from './find-import-export-job.ts';
import { type Attempts, type Finding, findingFrom, momentsOf, type Search } from './finding.ts';
import type { Fingerprint } from './fingerprint.ts';
import { leftoversOf } from './leftovers.ts';
import type { Listing } from './open-creates.ts';
import type { ReadWriteLock } from './read-write-lock.ts';
import { likeness, workMarkIn } from './work-mark.ts';

export interface ReconciliationParts {
  readonly backends: Backends;
  readonly clock: Clock;
  readonly records: CreateRecords;
  readonly fingerprint: Fingerprint;
  readonly lock: ReadWriteLock;
  readonly settlingMs: Readonly<Record<JobService, number>>;
  /** Between two sweeps. */
  readonly sweepMs: number;
}

/** Number of records of each listing that one sweep looks into. */
const perSweep = 5;

/** Every search finds another job unless the one before was bound meanwhile. */
const maxSearches = 5;

export class Reconciliation {
  readonly #parts: ReconciliationParts;
  #cancelSweep = (): void => {};
  #sweeping: Promise<void> = Promise.resolve();
  readonly #end = new AbortController();
  readonly #owner = randomUUID();
  /** How far the sweeps have come. */
  readonly #places: Record<Listing, string> = { unsettled: '', leftovers: '' };

  constructor(parts: ReconciliationParts) {
    this.#parts = parts;
  }

  /**
   * Looks for the job of a create whose outcome is not known and, if it is there, puts it on record. Throws `BackendError` if
   * the service does not answer, and whatever the store throws.
   */
  settle(id: string, { trace }: CreateRecord): Promise<Finding> {
    return this.#parts.lock.withSearch(kindOf(trace), async () => {
      let last: Finding | undefined;
      for (let search = 0; search < maxSearches; search += 1) {
        const finding = await this.#settled(id, trace);
        // An equal create of another gateway may have come and gone between two readings: so two in a row must say it.
        const isSure = finding?.outcome !== 'ambiguous' || last?.outcome === 'ambiguous';
        if (finding !== undefined && isSure) return finding;
        last = finding;
      }
      return { outcome: 'unsure' };
    });
  }

  /** Undefined where another gateway has bound the job that was found to a create of its own. */
  async #settled(id: string, trace: Trace | null): Promise<Finding | undefined> {
    const { records } = this.#parts;
    // Another search, or the create itself, may have come first.
    const record = await records.get(id);
    if (record === undefined || record.state === 'REJECTED') return { outcome: 'none' };
    if (record.awsJobId !== undefined) return { outcome: 'found', awsJobId: record.awsJobId };
    const attempts = await this.#attemptsAt(id, { ...record, trace });
    const finding = findingFrom(await this.#search(id, { ...record, trace }), attempts);
    if (finding.outcome !== 'found') return finding;
    // Asked after the search: whoever made what it saw had announced it before.
    if (await records.open.isAnnounced(kindOf(trace))) return { outcome: 'unsure' };
    const { awsJobId } = (await records.bind(id, finding.awsJobId)) ?? {};
    return awsJobId === undefined ? undefined : { outcome: 'found', awsJobId };
  }

  /** Those of `record`, and of other creates whose jobs look the same: those are as good as its own. */
  async #attemptsAt(id: string, record: CreateRecord): Promise<Attempts> {
    const others = await this.#parts.records.openBeside(kindOf(record.trace), id);
    const alike = [record, ...others.filter((other) => areAlike(record.trace, other.trace))];
    return { count: alike.reduce((sum, each) => sum + maxUnbound(each), 0), moments: alike.flatMap(momentsOf) };
  }

  /** Begins to look, now and then, into what callers have not come back for; of several gateways one at a time. */
  start(): void {
    const plan = (): void => {
      if (this.#end.signal.aborted) return;
      this.#cancelSweep = this.#parts.clock.schedule(() => {
        this.#sweeping = this.#sweepIfFirst().catch(nothing).finally(plan);
      }, this.#parts.sweepMs);
    };
    plan();
  }

  /** Ends a sweep that is under way, too: another process will make it. */
  async stop(): Promise<void> {
    this.#end.abort();
    this.#cancelSweep();
    await this.#sweeping;
  }

  /** Settles what can be settled and cancels orphans, a few records at a time. What fails is for another sweep. */
  async sweep(): Promise<void> {
    for (const each of await this.#next('unsettled')) await this.#sweepUnsettled(each);
    for (const each of await this.#next('leftovers')) await this.#sweepLeftovers(each);
  }

  /** Cancels a job of the create `id` that nobody was told of. */
  async discard(id: string, service: JobService, awsJobId: string): Promise<void> {
    const { records, backends } = this.#parts;
    // Noted first, so that nobody binds what is being cancelled. One that was started is somebody's after all.
    const isOurs = await records.take(id, service, awsJobId);
    if (!isOurs) return;
    const backend = service === 'DATA_EXCHANGE' ? backends.dataExchange : backends.importExport;
    await backend.cancelJob(awsJobId, { signal: this.#end.signal }).catch(nothing);
  }

  async #sweepIfFirst(): Promise<void> {
    const { records, sweepMs } = this.#parts;
    // Each gateway its own, and before anybody looks for jobs that nobody was told of.
    await records.notePending();
    if (await records.claimSweep(this.#owner, 2 * sweepMs)) await this.sweep();
  }

  /** The next few of a listing; after its end those at its beginning. */
  async #next(listing: Listing): Promise<readonly Listed[]> {
    const listed = await this.#parts.records.list(listing, this.#places[listing], perSweep);
    this.#places[listing] = listed.length < perSweep ? '' : (listed.at(-1)?.place ?? '');
    return listed;
  }

  async #sweepUnsettled(listed: Listed): Promise<void> {
    const { id, record } = listed;
    // It is for the version that can read it.
    if (record === 'unreadable') return;
    const remove = () => this.#parts.records.remove('unsettled', listed);
    if (record === undefined || !isUnsettled(record) || record.trace === null) return remove();
    // Those under way are at it themselves.
    if (!this.#isSettled(record)) return;
    const finding = await this.settle(id, record).catch(() => undefined);
    // Where there is no job the key's next use will see to it.
    if (finding?.outcome === 'none') await remove();
  }

  /** Leftovers are equal jobs that wait: only those may go, and none that may be the lost job of another create. */
  async #sweepLeftovers(listed: Listed): Promise<void> {
    const { record } = listed;
    const { records, lock } = this.#parts;
    if (record === 'unreadable') return;
    if (record === undefined || !mayHaveLeftovers(record)) return records.remove('leftovers', listed);
    if (!this.#isSettled(record)) return;
    const isSwept = await lock
      .withSearch(kindOf(record.trace), () => this.#isTidied(listed.id, record))
      .catch(() => false);
    if (isSwept) await records.remove('leftovers', listed);
  }

  async #isTidied(id: string, record: CreateRecord): Promise<boolean> {
    const { candidates, isWhole } = await this.#search(id, record);
    // Asked after the search: whatever it saw was under way before it, or is on record by now.
    if (!isWhole || (await this.#parts.records.open.isOpen(kindOf(record.trace), id))) return false;
    for (const { awsJobId } of leftoversOf(record, candidates)) await this.discard(id, record.service, awsJobId);
    return true;
  }

  async #search(id: string, record: CreateRecord): Promise<Search> {
    const { trace, dispatchedAt, service } = record;
    const { backends, records, fingerprint } = this.#parts;
    const isTaken = (awsJobId: string) => records.isTaken(id, service, awsJobId);
    const search = { moments: momentsOf(record), isTaken, call: { signal: this.#end.signal } };
    if (trace?.service === 'IMPORT_EXPORT') {
      return findImportExportJobs({ ...search, trace, dispatchedAt, backend: backends.importExport });
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
  return mark !== undefined && otherMark !== undefined && likeness(mark, otherMark) !== 'different';
}

async function nothing(): Promise<void> {}
