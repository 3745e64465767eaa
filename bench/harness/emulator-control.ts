/** The emulator's control API, as far as the workloads need it, with the gateway's ids of its jobs. */
import type { StateName } from './client-protocol.ts';

export interface SeededJob {
  readonly service: 'DATA_EXCHANGE' | 'IMPORT_EXPORT';
  readonly awsJobId: string;
  /** The gateway's id. */
  readonly id: string;
}

/** The number of jobs of each service. */
export interface Counts {
  readonly dataExchange: number;
  readonly importExport: number;
}

export type Step = Extract<StateName, 'WAITING' | 'IN_PROGRESS' | 'COMPLETED'>;

const progressCodes: Readonly<Record<Step, string>> = {
  WAITING: 'Pending',
  IN_PROGRESS: 'InProgress',
  COMPLETED: 'Complete',
};

/** The emulator's faults, as far as the workloads need them. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
  readonly reset?: boolean;
  readonly truncateAt?: number;
  readonly never?: boolean;
  /** Whether the operation takes effect although its response is lost. */
  readonly afterCommit?: boolean;
}

export class EmulatorControl {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Creates waiting jobs, with those of Import/Export spread evenly among the others. */
  async seed({ dataExchange, importExport }: Counts): Promise<readonly SeededJob[]> {
    const seeded = (await this.#send('POST', 'seed', { dataExchange, importExport })) as {
      dataExchange: string[];
      importExport: string[];
    };
    const jobs = seeded.dataExchange.map((id) => seededJob('DATA_EXCHANGE', id));
    const spacing = Math.floor((dataExchange + importExport) / Math.max(1, importExport));
    for (const [index, id] of seeded.importExport.entries())
      jobs.splice(index * spacing, 0, seededJob('IMPORT_EXPORT', id));
    return jobs;
  }

  /** Creates `jobs` waiting jobs of AWS Data Exchange that export from `dataSets` new data sets in turn. */
  async seedWithDataSets(jobs: number, dataSets: number): Promise<void> {
    await this.#send('POST', 'seed', { dataExchange: jobs, dataSets });
  }

  /** Resolves to the instant before the move, so that no latency comes out too short. */
  async move({ service, awsJobId }: SeededJob, to: Step): Promise<number> {
    const movedAt = Date.now();
    await this.#send(
      'POST',
      `jobs/${awsJobId}`,
      service === 'DATA_EXCHANGE' ? { state: to } : { progressCode: progressCodes[to] },
    );
    return movedAt;
  }

  /** The calls of each operation since the last `forgetRequests`. */
  async requests(): Promise<Readonly<Record<string, number>>> {
    return (await this.#send('GET', 'requests')) as Record<string, number>;
  }

  async forgetRequests(): Promise<void> {
    await this.#send('DELETE', 'requests');
  }

  /** Removes a job, as the service does after 90 days. */
  async forgetJob(awsJobId: string): Promise<void> {
    await this.#send('DELETE', `jobs/${awsJobId}`);
  }

  /** Makes the next `times` calls of `operation`, such as `ImportExport.*`, fail like this. */
  async fail(operation: string, times: number, fault: Fault): Promise<void> {
    await this.#send('POST', 'faults', { operation, times, fault });
  }

  /** Clears the faults of `fail`. */
  async heal(): Promise<void> {
    await this.#send('DELETE', 'faults');
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}/_emulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`expected the emulator to ${method} ${path}, received ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

function seededJob(service: SeededJob['service'], awsJobId: string): SeededJob {
  const type = service === 'DATA_EXCHANGE' ? 'DataExchangeJob' : 'ImportExportJob';
  return { service, awsJobId, id: Buffer.from(`${type}:${awsJobId}`).toString('base64url') };
}
