/** Both services as a table behind their backends: the true state of each job, what calls return, and failures. */
import type { DataExchangeBackend, ImportExportBackend } from '../../../src/backends/backend.ts';
import type { CallOptions } from '../../../src/backends/calls/call-options.ts';
import type { DataExchangeJob } from '../../../src/model/data-exchange-job.ts';
import { BackendError } from '../../../src/model/errors.ts';
import type { ImportExportStatus } from '../../../src/model/import-export-job.ts';
import type { Job } from '../../../src/model/job.ts';
import { isFinished, type JobRef, type JobService, type JobState } from '../../../src/model/job-state.ts';
import { jobKey } from '../../../src/watch/history/transition-log.ts';
import type { FakeClock } from '../../support/fake-clock.ts';

/** A version of a job. Versions are numbered across all jobs. */
export interface Version {
  readonly ref: JobRef;
  readonly state: JobState;
  readonly version: number;
  readonly createdAt: Date;
}

export type Trouble = 'down' | 'held off' | 'lists denied' | 'none' | 'throttled';

type Table = ReadonlyMap<string, Version>;

export class ModelServices {
  readonly #clock: FakeClock;
  #present: Table = new Map();
  /** The table that lists show while they lag. */
  #listed: Table | undefined;
  readonly #history = new Map<string, Version[]>();
  #versions = 0;
  readonly trouble: Record<JobService, Trouble> = { DATA_EXCHANGE: 'none', IMPORT_EXPORT: 'none' };
  latencyMs = 0;
  calls = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** The present version of `ref`; undefined if there is no such job. */
  presentOf(ref: JobRef): Version | undefined {
    return this.#present.get(jobKey(ref));
  }

  get jobs(): readonly Version[] {
    return [...this.#present.values()];
  }

  get versions(): number {
    return this.#versions;
  }

  wasEver(ref: JobRef): boolean {
    return this.#history.has(jobKey(ref));
  }

  versionsOf(ref: JobRef): readonly number[] {
    return (this.#history.get(jobKey(ref)) ?? []).map((each) => each.version);
  }

  stateAt(ref: JobRef, version: number): JobState | undefined {
    return this.#history.get(jobKey(ref))?.find((each) => each.version === version)?.state;
  }

  /** Creates or changes a job. A finished job stays finished, and a deleted one stays deleted. */
  set(ref: JobRef, state: JobState): void {
    const before = this.presentOf(ref);
    if (before === undefined ? this.wasEver(ref) : isFinished(before.state)) return;
    this.#versions += 1;
    const createdAt = before?.createdAt ?? new Date(this.#clock.now());
    const version = { ref, state, version: this.#versions, createdAt };
    this.#present = new Map([...this.#present, [jobKey(ref), version]]);
    this.#history.set(jobKey(ref), [...(this.#history.get(jobKey(ref)) ?? []), version]);
  }

  /** The jobs that a list of `service` shows now, newest first. */
  listed(service: JobService): readonly Version[] {
    const listed = [...(this.#listed ?? this.#present).values()].filter(({ ref }) => ref.service === service);
    return listed.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  forget(ref: JobRef): void {
    this.#present = new Map([...this.#present].filter(([key]) => key !== jobKey(ref)));
  }

  /** While set, lists show the jobs as they are now. */
  setLag(isLagging: boolean): void {
    this.#listed = isLagging ? this.#present : undefined;
  }

  get dataExchange(): DataExchangeBackend {
    return {
      createJob: refused,
      startJob: refused,
      cancelJob: refused,
      getJob: (awsJobId, options) =>
        this.#answer('DATA_EXCHANGE', options, () =>
          dataExchangeJob(this.#read({ service: 'DATA_EXCHANGE', awsJobId })),
        ),
      listJobs: (_request, options) =>
        this.#answer('DATA_EXCHANGE', options, () => ({
          jobs: this.#list('DATA_EXCHANGE').map(dataExchangeJob),
          nextToken: null,
        })),
    };
  }

  get importExport(): ImportExportBackend {
    return {
      createJob: refused,
      updateJob: refused,
      cancelJob: refused,
      getDocuments: refused,
      getShippingLabel: refused,
      getStatus: (awsJobId, options) =>
        this.#answer('IMPORT_EXPORT', options, () => statusOf(this.#read({ service: 'IMPORT_EXPORT', awsJobId }))),
      listJobs: (_request, options) =>
        this.#answer('IMPORT_EXPORT', options, () => ({
          jobs: this.#list('IMPORT_EXPORT').map(({ ref: { awsJobId }, createdAt, state }) => ({
            service: 'IMPORT_EXPORT' as const,
            awsJobId,
            direction: 'IMPORT' as const,
            createdAt,
            ...(state === 'CANCELLED' && { state }),
          })),
          nextMarker: null,
        })),
    };
  }

  #read(ref: JobRef): Version {
    const present = this.presentOf(ref);
    if (present === undefined) throw failure(ref.service, 'NOT_FOUND');
    return present;
  }

  #list(service: JobService): readonly Version[] {
    if (this.trouble[service] === 'lists denied') throw failure(service, 'ACCESS_DENIED');
    return this.listed(service);
  }

  /** Decides the answer or error when the call is made, and returns it after the present latency. */
  async #answer<T>(service: JobService, { signal }: CallOptions, make: () => T): Promise<T> {
    this.calls += 1;
    const deliver = this.#settled(service, make);
    if (this.latencyMs > 0) await this.#pass(this.latencyMs, signal);
    return deliver();
  }

  #settled<T>(service: JobService, make: () => T): () => T {
    try {
      if (this.trouble[service] === 'down') throw failure(service, 'UPSTREAM_UNAVAILABLE');
      if (this.trouble[service] === 'throttled') throw failure(service, 'UPSTREAM_THROTTLED', 3_000);
      if (this.trouble[service] === 'held off') throw failure(service, 'UPSTREAM_UNAVAILABLE', 70_000);
      const answer = make();
      return () => answer;
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }

  #pass(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      const onAbort = (): void => {
        cancel();
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

/** The version of a job in an event. */
export function versionOf(job: Job): number {
  if (job.service === 'DATA_EXCHANGE') return job.updatedAt.getTime();
  return Number(job.status?.progress.message);
}

async function refused(): Promise<never> {
  throw new Error('expected the watcher to read only');
}

function failure(
  service: JobService,
  code: 'ACCESS_DENIED' | 'NOT_FOUND' | 'UPSTREAM_THROTTLED' | 'UPSTREAM_UNAVAILABLE',
  retryAfterMs?: number,
): BackendError {
  return new BackendError({ service, code, message: code, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

export function dataExchangeJob({ ref: { awsJobId }, state, version, createdAt }: Version): DataExchangeJob {
  const codes = { type: 'UNKNOWN', typeCode: 'X', state, stateCode: state } as const;
  const times = { createdAt, updatedAt: new Date(version) };
  return { service: 'DATA_EXCHANGE', awsJobId, arn: '', ...codes, ...times, details: null, errors: [] };
}

function statusOf({ ref: { awsJobId }, state, version, createdAt }: Version): ImportExportStatus {
  const progress = { code: state, message: String(version), errorCount: null, log: null };
  return { awsJobId, direction: 'IMPORT', createdAt, state, progress, device: null };
}
