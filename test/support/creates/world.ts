/** Creates over the embedded emulator on a clock that the test moves: with faults, crashes and all the time they need. */
import type { Backends } from '../../../src/backends/backend.ts';
import { emulatorBackends } from '../../../src/backends/index.ts';
import { type Create, dataExchangeCreate, importExportCreate } from '../../../src/creates/create.ts';
import type { CreateRecord } from '../../../src/creates/create-record.ts';
import { createFingerprint } from '../../../src/creates/fingerprint.ts';
import { type Creates, openCreates } from '../../../src/creates/index.ts';
import { createEmulator, type Emulator } from '../../../src/emulator/index.ts';
import type { DataExchangeJob } from '../../../src/model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../../src/model/data-exchange-request.ts';
import type { ImportExportJob } from '../../../src/model/import-export-job.ts';
import type { ImportExportManifest } from '../../../src/model/import-export-manifest.ts';
import type { JobService } from '../../../src/model/job-state.ts';
import { keyFrom } from '../../../src/store/key.ts';
import type { Store } from '../../../src/store/store.ts';
import { dataExchangeDetails, manifests } from '../examples.ts';
import { FakeClock, settle } from '../fake-clock.ts';
import { MemoryStore } from '../memory-store.ts';
import { editedReply, type ReplyEdits } from '../reply-edits.ts';
import { StoreLink } from '../store-link.ts';

export interface Asked {
  readonly key?: string;
  readonly tenant?: string;
  readonly details?: DataExchangeJobRequest;
  readonly manifest?: ImportExportManifest;
  readonly signal?: AbortSignal;
  /** As the mutation's: a job that waits is started. */
  readonly start?: boolean;
  /** Which gateway is asked, where there are several. */
  readonly at?: number;
}

export interface Told {
  readonly awsJobId: string;
  readonly isReplay: boolean;
}

const origin = 'http://127.0.0.1:4566';
const unending = new AbortController().signal;
const call = { signal: unending };

export class World {
  readonly clock = new FakeClock();
  readonly #emulator = createEmulator({
    clock: this.clock,
    wallClock: this.clock.now,
    stepMs: 30_000,
    origin: () => origin,
  });
  /** How many creates were sent with each key. */
  readonly sent = new Map<string, number>();
  /** How the services' replies differ from the emulator's. */
  edits: ReplyEdits = {};
  readonly backends = this.#backendsOver({
    ...this.#emulator,
    handle: async (request) => editedReply(request, await this.#emulator.handle(request.clone()), this.edits),
  });
  /** As somebody else has it, whose replies are not edited. */
  readonly #outside = this.#backendsOver(this.#emulator);
  store = new MemoryStore();
  #links: StoreLink[] = [];
  #gateways: Creates[];

  /** Several gateways share the store, each over a link of its own. */
  constructor(gateways = 1) {
    const alone = gateways === 1;
    this.#gateways = Array.from({ length: gateways }, (_, at) => this.#open(alone ? this.store : this.#linkFor(at)));
  }

  /** Ends a process at this moment, and begins another over what it left. */
  crash(at = 0): void {
    const link = this.#links[at];
    if (link === undefined) this.store = this.store.survivor();
    else link.isCut = true;
    this.#gateways[at] = this.#open(link === undefined ? this.store : this.#linkFor(at));
  }

  get creates(): Creates {
    return this.gateway(0);
  }

  gateway(at: number): Creates {
    const gateway = this.#gateways[at];
    if (gateway === undefined) throw new Error(`expected a gateway ${at}`);
    return gateway;
  }

  link(at: number): StoreLink {
    const link = this.#links[at];
    if (link === undefined) throw new Error(`expected a gateway ${at} among several`);
    return link;
  }

  #backendsOver(emulator: Emulator): Backends {
    return emulatorBackends({ emulator, origin, importExportSignature: 'v4', clock: this.clock });
  }

  #linkFor(at: number): StoreLink {
    const link = new StoreLink(this.store);
    this.#links[at] = link;
    return link;
  }

  #open(store: Store): Creates {
    return openCreates({ store, backends: this.backends, clock: this.clock });
  }

  async dataExchange(asked: Asked): Promise<Told> {
    const { details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3, start = false } = asked;
    const told = await this.#run(asked, dataExchangeCreate(this.backends, { details, start }));
    const { job, startFailure } = told.result;
    if (startFailure !== undefined) throw startFailure;
    return { awsJobId: job.awsJobId, isReplay: told.isReplay };
  }

  async importExport(asked: Asked): Promise<Told> {
    const { manifest = { importToS3: { ...manifests.importToS3.importToS3, eraseDevice: true } } } = asked;
    const told = await this.#run(asked, importExportCreate(this.backends, { manifest }));
    return { awsJobId: told.result.job?.awsJobId ?? '', isReplay: told.isReplay };
  }

  ask(service: JobService, asked: Asked): Promise<Told> {
    return service === 'DATA_EXCHANGE' ? this.dataExchange(asked) : this.importExport(asked);
  }

  async #run<Result>({ key, tenant = 'a', signal = unending, at = 0 }: Asked, create: Create<Result>) {
    const { createOnce } = this.gateway(at);
    let isReplay = false;
    const onReplay = () => {
      isReplay = true;
    };
    const counted: Create<Result> = {
      ...create,
      send: (mark, given) => {
        if (key !== undefined) this.sent.set(key, (this.sent.get(key) ?? 0) + 1);
        return create.send(mark, given);
      },
    };
    return { result: await createOnce.run({ tenant, key, create: counted, signal, onReplay }), isReplay };
  }

  /** Waits for `work`, moving time on whenever nothing happens without. */
  async finish<T>(work: Promise<T>): Promise<T> {
    await warmedUp;
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    work.then(end, end);
    while (!isOver) {
      for (let turn = 0; turn < 30 && !isOver; turn += 1) await settle();
      if (!isOver) await this.clock.advance(250);
    }
    return work;
  }

  async control(method: 'DELETE' | 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await this.#emulator.handle(new Request(`${origin}/_emulator/${path}`, init));
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  fail(operation: string, fault: Record<string, unknown>, times = 1): Promise<unknown> {
    return this.control('POST', 'faults', { operation, times, fault });
  }

  heal(): Promise<unknown> {
    return this.control('DELETE', 'faults');
  }

  async calls(): Promise<Record<string, number>> {
    return (await this.control('GET', 'requests')) as Record<string, number>;
  }

  /** An equal or another job that somebody makes with the AWS SDK. */
  async strangersJob(
    details: DataExchangeJobRequest = dataExchangeDetails.IMPORT_ASSETS_FROM_S3,
  ): Promise<DataExchangeJob> {
    return this.finish(this.#outside.dataExchange.createJob(details, call));
  }

  /** Every Data Exchange job that there is. */
  async dataExchangeJobs(): Promise<readonly DataExchangeJob[]> {
    return (await this.finish(this.#outside.dataExchange.listJobs({ limit: 200 }, call))).jobs;
  }

  /** What is kept of a key of tenant `a` for Data Exchange. */
  recordOf(key: string): Promise<CreateRecord | undefined> {
    const fingerprint = createFingerprint(keyFrom(this.store.secret, 'creates'));
    return this.creates.records.get(fingerprint(['a', 'DATA_EXCHANGE', key]));
  }

  async importExportJobs(): Promise<readonly ImportExportJob[]> {
    return (await this.finish(this.backends.importExport.listJobs({ limit: 1_000 }, call))).jobs;
  }

  /** What the manifest of each Import/Export job says in `generator`. */
  async generators(): Promise<readonly string[]> {
    const jobs = await this.importExportJobs();
    const read = jobs.map(({ awsJobId }) => this.backends.importExport.getDocuments(awsJobId, call));
    const documents = await this.finish(Promise.all(read));
    return documents.map(({ manifest }) => /generator: "?([^"\s]*)/.exec(manifest?.reveal() ?? '')?.[1] ?? '');
  }
}

/**
 * The first request of a process loads code and compiles it, which takes real time: on a machine with much to do more than an
 * attempt may take by a clock that moves on meanwhile. So it is made before that clock moves.
 */
async function warmUp(): Promise<void> {
  const clock = new FakeClock();
  const emulator = createEmulator({ clock, wallClock: clock.now, stepMs: 1_000, origin: () => origin });
  const { dataExchange, importExport } = emulatorBackends({ emulator, origin, importExportSignature: 'v4', clock });
  await Promise.all([dataExchange.listJobs({ limit: 1 }, call), importExport.listJobs({ limit: 1 }, call)]);
}

const warmedUp = warmUp();
