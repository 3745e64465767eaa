/** Finds out what became of creates whose answers were lost, and clears away the jobs that nobody was told of. */
import type { Backends } from '../backends/backend.ts';
import type { Clock } from '../clock.ts';
import type { JobService } from '../job.ts';
import { kindOf } from './create-kind.ts';
import { bound, type CreateRecord } from './create-record.ts';
import type { CreateRecords } from './create-records.ts';
import { findDataExchangeJob } from './find-data-exchange-job.ts';
import { findImportExportJob } from './find-import-export-job.ts';
import type { Finding } from './finding.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Turnstile } from './turnstile.ts';

export interface ReconciliationParts {
  readonly backends: Backends;
  readonly clock: Clock;
  readonly records: CreateRecords;
  readonly fingerprint: Fingerprint;
  readonly turnstile: Turnstile;
  readonly settlingMs: Readonly<Record<JobService, number>>;
  /** Between two sweeps. */
  readonly sweepMs: number;
}

/** So many records are looked into by one sweep. */
const perSweep = 5;

export class Reconciliation {
  readonly #parts: ReconciliationParts;
  #cancelSweep = (): void => {};
  #sweeping: Promise<void> = Promise.resolve();
  readonly #end = new AbortController();

  constructor(parts: ReconciliationParts) {
    this.#parts = parts;
  }

  /**
   * Looks for the job of a create whose outcome is not known and, if it is there, puts it on record. Throws `BackendError` if
   * the service does not answer, and whatever the store throws.
   */
  settle(id: string, { trace }: CreateRecord): Promise<Finding> {
    const { turnstile, records } = this.#parts;
    return turnstile.hold(kindOf(trace), async () => {
      // Another search, or the create itself, may have come first.
      const record = await records.get(id);
      if (record === undefined || record.state === 'REJECTED') return { outcome: 'none' };
      if (record.awsJobId !== undefined) return { outcome: 'found', awsJobId: record.awsJobId, others: [] };
      const finding = await this.#find(id, record);
      if (finding.outcome !== 'found') return finding;
      await records.bind(id, bound(record, finding.awsJobId, finding.others.length > 0));
      return finding;
    });
  }

  /** Begins to look, now and then, into what callers have not come back for. */
  start(): void {
    const plan = (): void => {
      if (this.#end.signal.aborted) return;
      this.#cancelSweep = this.#parts.clock.schedule(() => {
        this.#sweeping = this.sweep().finally(plan);
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
    const { records } = this.#parts;
    for (const [id, record] of [...records.unsettled].slice(0, perSweep)) await this.#sweepUnsettled(id, record);
    for (const [id, record] of [...records.untidy].slice(0, perSweep)) await this.#sweepUntidy(id, record);
  }

  async #sweepUnsettled(id: string, record: CreateRecord): Promise<void> {
    const { records, clock } = this.#parts;
    // Those under way are at it themselves. What is looked into goes to the end of the line.
    const isLate = this.#isSettled(record);
    records.unsettled.delete(id);
    const isOver = record.trace === null || record.expiresAt <= clock.now();
    if (isOver) return;
    const finding = isLate ? await this.settle(id, record).catch(() => undefined) : undefined;
    // Where there is no job the key's next use will see to it.
    if (finding?.outcome !== 'found' && finding?.outcome !== 'none') records.unsettled.set(id, record);
  }

  /** Orphans are equal jobs that wait: only those may go, and none that may be the lost job of another create. */
  async #sweepUntidy(id: string, record: CreateRecord): Promise<void> {
    const { records, turnstile } = this.#parts;
    const kind = kindOf(record.trace);
    const isShared = [...records.unsettled.values()].some(({ trace }) => kindOf(trace) === kind);
    if (isShared || !this.#isSettled(record)) return;
    const isTidy = await turnstile
      .hold(kind, async () => {
        const finding = await this.#find(id, record);
        if (finding.outcome !== 'found') return finding.outcome === 'none';
        const orphans = [finding.awsJobId, ...finding.others].filter((awsJobId) => awsJobId !== record.awsJobId);
        for (const awsJobId of orphans) await this.#cancel(awsJobId);
        return true;
      })
      .catch(() => false);
    if (isTidy) records.untidy.delete(id);
  }

  /** Noted first, so that nobody binds what is being cancelled. One that was started is somebody's after all. */
  async #cancel(awsJobId: string): Promise<void> {
    const { records, backends } = this.#parts;
    await records.take('DATA_EXCHANGE', awsJobId);
    await backends.dataExchange.cancelJob(awsJobId, { signal: this.#end.signal }).catch(() => {});
  }

  #find(id: string, { trace, dispatchedAt, service }: CreateRecord): Promise<Finding> {
    const { backends, records, fingerprint } = this.#parts;
    if (trace === null) return Promise.resolve({ outcome: 'unsure' });
    const isTaken = (awsJobId: string) => records.isTaken(id, service, awsJobId);
    const search = { dispatchedAt, isTaken, call: { signal: this.#end.signal } };
    return trace.service === 'DATA_EXCHANGE'
      ? findDataExchangeJob({ ...search, trace, fingerprint, backend: backends.dataExchange })
      : findImportExportJob({ ...search, trace, backend: backends.importExport });
  }

  #isSettled({ service, attemptAt }: CreateRecord): boolean {
    return this.#parts.clock.now() >= attemptAt + this.#parts.settlingMs[service];
  }
}
