/** Creates over the embedded emulator on a fake clock, with faults and crashes. */
import type { Backends } from '../../../src/backends/backend.ts';
import { emulatorBackends } from '../../../src/backends/index.ts';
import { dataSetCreate, revisionCreate } from '../../../src/creates/catalog-create.ts';
import { type Create, dataExchangeCreate, importExportCreate } from '../../../src/creates/create.ts';
import type { CreateRecord, CreateTarget } from '../../../src/creates/create-record.ts';
import { createFingerprint } from '../../../src/creates/fingerprint.ts';
import { tagKey } from '../../../src/creates/idempotency-tag.ts';
import { type Creates, openCreates } from '../../../src/creates/index.ts';
import { demo } from '../../../src/emulator/demo.ts';
import { createEmulator, type Emulator } from '../../../src/emulator/index.ts';
import type { NewDataSet, NewRevision } from '../../../src/model/catalog.ts';
import type { DataExchangeJob } from '../../../src/model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../../src/model/data-exchange-request.ts';
import type { ImportExportJob } from '../../../src/model/import-export-job.ts';
import type { ImportExportManifest } from '../../../src/model/import-export-manifest.ts';
import { keyFrom } from '../../../src/store/key.ts';
import type { Store } from '../../../src/store/store.ts';
import { dataExchangeDetails, manifests } from '../examples.ts';
import { FakeClock, settle } from '../fake-clock.ts';
import { MemoryStore } from '../memory-store.ts';
import { editedReply, type ReplyEdits } from '../reply-edits.ts';
import { StoreLink } from '../store-link.ts';

export interface CreateInput {
  readonly key?: string;
  readonly tenant?: string;
  readonly details?: DataExchangeJobRequest;
  readonly manifest?: ImportExportManifest;
  readonly dataSet?: NewDataSet;
  readonly revision?: NewRevision;
  readonly signal?: AbortSignal;
  /** As in the mutation: starts a waiting job. */
  readonly start?: boolean;
  /** The index of the gateway. */
  readonly at?: number;
}

export interface CreateResult {
  /** The id of what was made, which may also be a data set or a revision. */
  readonly awsJobId: string;
  readonly isReplay: boolean;
  /** Present if it was made without its mark. */
  readonly isUnmarked?: true;
}

export const newDataSet: NewDataSet = { assetType: 'S3_SNAPSHOT', name: 'Prices', description: 'Daily' };
const newRevision: NewRevision = { dataSetId: demo.dataSetId, comment: 'May' };

/** By these a test tells the manifests with which it replaces others. */
export const replacedDevice = 'DISK-REPLACED';
export const replacedText = `manifestVersion: 2.0
generator: Text editor
bucket: ${demo.bucket}
deviceId: ${replacedDevice}
eraseDevice: yes
returnAddress:
    name: Jane Roe
    company: Example Corp.
    street1: 123 Any Street
    city: Anytown
    stateOrProvince: WA
    postalCode: 91011-1111
    country: USA
    phoneNumber: 206-555-1111
`;
const keyed = new RegExp(`waybill/|${replacedDevice}`);

const origin = 'http://127.0.0.1:4566';
const neverAborted = new AbortController().signal;
const call = { signal: neverAborted };

export class CreatesHarness {
  readonly clock = new FakeClock();
  readonly #emulator = createEmulator({
    clock: this.clock,
    wallClock: this.clock.now,
    stepMs: 30_000,
    origin: () => origin,
  });
  /** Number of creates sent with each key. */
  readonly sent = new Map<string, number>();
  /** How the services' replies differ from the emulator's. */
  edits: ReplyEdits = {};
  readonly backends = this.#backendsOver({
    ...this.#emulator,
    handle: async (request) => editedReply(request, await this.#emulator.handle(request.clone()), this.edits),
  });
  /** The backends of others, whose replies are not edited. */
  readonly #outside = this.#backendsOver(this.#emulator);
  store = new MemoryStore();
  #links: StoreLink[] = [];
  #gateways: Creates[];

  /** Several gateways share the store, each over its own link. */
  constructor(gateways = 1) {
    const isSingle = gateways === 1;
    this.#gateways = Array.from({ length: gateways }, (_, at) => this.#open(isSingle ? this.store : this.#linkFor(at)));
  }

  /** Kills a gateway's process and starts another over what it has stored. */
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

  async dataExchange(attempt: CreateInput): Promise<CreateResult> {
    const { details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3, start = false } = attempt;
    const result = await this.#run(attempt, dataExchangeCreate(this.backends, { details, start }));
    const { job, startFailure } = result.result;
    if (startFailure !== undefined) throw startFailure;
    return { awsJobId: job.awsJobId, isReplay: result.isReplay };
  }

  async importExport(attempt: CreateInput): Promise<CreateResult> {
    const { manifest = { importToS3: { ...manifests.importToS3.importToS3, eraseDevice: true } } } = attempt;
    const result = await this.#run(attempt, importExportCreate(this.backends, { manifest }));
    return { awsJobId: result.result.job?.awsJobId ?? '', isReplay: result.isReplay };
  }

  async dataSet(attempt: CreateInput): Promise<CreateResult> {
    const { result, ...rest } = await this.#run(attempt, dataSetCreate(this.backends, attempt.dataSet ?? newDataSet));
    return { awsJobId: result.awsDataSetId, ...rest };
  }

  async revision(attempt: CreateInput): Promise<CreateResult> {
    const { result, ...rest } = await this.#run(
      attempt,
      revisionCreate(this.backends, attempt.revision ?? newRevision),
    );
    return { awsJobId: result.awsRevisionId, ...rest };
  }

  create(target: CreateTarget, attempt: CreateInput): Promise<CreateResult> {
    switch (target) {
      case 'DATA_EXCHANGE':
        return this.dataExchange(attempt);
      case 'IMPORT_EXPORT':
        return this.importExport(attempt);
      case 'DATA_SET':
        return this.dataSet(attempt);
      case 'REVISION':
        return this.revision(attempt);
    }
  }

  /** The ids of all that creates of `target` and others have made. */
  async madeIds(target: CreateTarget): Promise<readonly string[]> {
    switch (target) {
      case 'DATA_EXCHANGE':
        return (await this.dataExchangeJobs()).map(({ awsJobId }) => awsJobId);
      case 'IMPORT_EXPORT':
        return (await this.importExportJobs()).map(({ awsJobId }) => awsJobId);
      case 'DATA_SET':
        return this.#dataSetIds();
      case 'REVISION':
        return this.#revisionIds();
    }
  }

  async #run<Result>({ key, tenant = 'a', signal = neverAborted, at = 0 }: CreateInput, create: Create<Result>) {
    const { createOnce } = this.gateway(at);
    let isReplay = false;
    let isUnmarked = false;
    const onReplay = () => {
      isReplay = true;
    };
    const onUnmarked = () => {
      isUnmarked = true;
    };
    const counted: Create<Result> = {
      ...create,
      send: (mark, signal) => {
        if (key !== undefined) this.sent.set(key, (this.sent.get(key) ?? 0) + 1);
        return create.send(mark, signal);
      },
    };
    const result = await createOnce.run({ tenant, key, create: counted, signal, onReplay, onUnmarked });
    const mark: Pick<CreateResult, 'isUnmarked'> = isUnmarked ? { isUnmarked: true } : {};
    return { ...mark, result, isReplay };
  }

  /** Waits for `work`, and advances the clock whenever nothing happens. */
  async finish<T>(work: Promise<T>): Promise<T> {
    await warmedUp;
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    work.then(end, end);
    while (!isOver) {
      for (let round = 0; round < 30 && !isOver; round += 1) await settle();
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

  /** Replaces the manifest of a job, as the mutation does. */
  async updateManifest(awsJobId: string, manifest: ImportExportManifest, at = 0): Promise<void> {
    const { importExport } = this.backends;
    const sent = await this.gateway(at).createOnce.manifestToSend({ awsJobId, manifest, importExport, ...call });
    await importExport.updateJob(awsJobId, { manifest: sent, validateOnly: false }, call);
  }

  /** Creates a job as others do with the AWS SDK. */
  async strangersJob(
    details: DataExchangeJobRequest = dataExchangeDetails.IMPORT_ASSETS_FROM_S3,
  ): Promise<DataExchangeJob> {
    return this.finish(this.#outside.dataExchange.createJob(details, call));
  }

  /** All Data Exchange jobs. */
  async dataExchangeJobs(): Promise<readonly DataExchangeJob[]> {
    return (await this.finish(this.#outside.dataExchange.listJobs({ limit: 200 }, call))).jobs;
  }

  /** The value of the gateway's tag on each data set or revision that has one. */
  async tags(target: 'DATA_SET' | 'REVISION'): Promise<readonly string[]> {
    const { catalog } = this.#outside;
    const reads = (await this.madeIds(target)).map((id) =>
      target === 'DATA_SET'
        ? catalog.getDataSetTags({ awsDataSetId: id }, call)
        : catalog.getRevisionTags({ awsDataSetId: demo.dataSetId, awsRevisionId: id }, call),
    );
    return (await this.finish(Promise.all(reads))).flatMap((tags) => tags[tagKey] ?? []);
  }

  /** Apart from the demo data sets. */
  async #dataSetIds(): Promise<readonly string[]> {
    const page = await this.finish(this.#outside.catalog.listDataSets({ limit: 200, origin: 'OWNED' }, call));
    return page.entries.map(({ awsDataSetId }) => awsDataSetId).filter((id) => id !== demo.dataSetId);
  }

  /** Of the demo data set, apart from the demo revisions. */
  async #revisionIds(): Promise<readonly string[]> {
    const request = { limit: 200, awsDataSetId: demo.dataSetId };
    const page = await this.finish(this.#outside.catalog.listRevisions(request, call));
    const demoIds: readonly string[] = [demo.revisionId, demo.finalizedRevisionId];
    return page.entries.map(({ awsRevisionId }) => awsRevisionId).filter((id) => !demoIds.includes(id));
  }

  /** The record of a key of tenant `a` for Data Exchange. */
  recordOf(key: string): Promise<CreateRecord | undefined> {
    const fingerprint = createFingerprint(keyFrom(this.store.secret, 'creates'));
    return this.creates.records.get(fingerprint(['a', 'DATA_EXCHANGE', key]));
  }

  async importExportJobs(): Promise<readonly ImportExportJob[]> {
    return (await this.finish(this.backends.importExport.listJobs({ limit: 1_000 }, call))).jobs;
  }

  /** The `generator` in the manifest of each Import/Export job. */
  async generators(): Promise<readonly string[]> {
    const all = await this.#importExportManifests();
    return all.map(([, manifest]) => /generator: "?([^"\s]*)/.exec(manifest)?.[1] ?? '');
  }

  /** The Import/Export jobs of creates with a key: with their first manifest, or with one of a test that replaces it. */
  async keyedParcels(): Promise<readonly string[]> {
    const all = await this.#importExportManifests();
    return all.filter(([, manifest]) => keyed.test(manifest)).map(([awsJobId]) => awsJobId);
  }

  async #importExportManifests(): Promise<readonly (readonly [string, string])[]> {
    const { importExport } = this.#outside;
    const { jobs } = await this.finish(importExport.listJobs({ limit: 1_000 }, call));
    const read = jobs.map(async ({ awsJobId }) => {
      const { manifest } = await importExport.getDocuments(awsJobId, call);
      return [awsJobId, manifest?.reveal() ?? ''] as const;
    });
    return this.finish(Promise.all(read));
  }
}

/**
 * The first request of a process loads and compiles code, which takes real time: on a busy machine longer than an
 * attempt may take by the fake clock. So it is made before that clock moves.
 */
async function warmUp(): Promise<void> {
  const clock = new FakeClock();
  const emulator = createEmulator({ clock, wallClock: clock.now, stepMs: 1_000, origin: () => origin });
  const { dataExchange, importExport } = emulatorBackends({ emulator, origin, importExportSignature: 'v4', clock });
  await Promise.all([dataExchange.listJobs({ limit: 1 }, call), importExport.listJobs({ limit: 1 }, call)]);
}

const warmedUp = warmUp();
