/** Creates the parts of the gateway and connects them. None of them listens yet. */
import { readFile } from 'node:fs/promises';
import type { AwsCredentials } from '../backends/calls/credentials.ts';
import { Cleanup } from '../base/cleanup.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { maxRecords } from '../creates/create-records.ts';
import { type Creates, openCreates } from '../creates/index.ts';
import { OperationLog } from '../execution/operation-log.ts';
import { createOperations, type Operations } from '../execution/operations.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import { type AddressOf, addressReader } from '../identity/client-address.ts';
import { createAuthenticator } from '../identity/create-authenticator.ts';
import { ConnectionThrottle, defaultConnectionLimit } from '../limits/rate-limit.ts';
import type { TrustedDocuments } from '../limits/trusted-documents.ts';
import { trustedDocumentsFrom } from '../limits/trusted-documents-file.ts';
import type { OperationRecord } from '../log/operation-record.ts';
import { observedBackends } from '../reads/observed-backends.ts';
import { shareReads } from '../reads/shared-reads.ts';
import { startExpiry } from '../store/expiry.ts';
import { keyFrom } from '../store/key.ts';
import type { Store } from '../store/store.ts';
import { StoreFaults } from '../store/store-faults.ts';
import { startTelemetry, type Telemetry } from '../telemetry/index.ts';
import { Gate } from '../transport/gate.ts';
import { type MemoryGauge, systemGauge } from '../transport/memory-gauge.ts';
import { MemoryMonitor } from '../transport/memory-monitor.ts';
import { AnswerRecorder } from '../watch/history/answer-recorder.ts';
import { type Services, startServices } from './services.ts';
import { openStorage, type Storage } from './storage.ts';
import { tracingFault } from './tracing-packages.ts';
import { openShares, startWatching, type Watching } from './watching.ts';

export interface AssemblyOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** Logs one line about an unexpected error. */
  readonly log: (line: string) => void;
  /** Logs one line that explains the start. */
  readonly notice?: (line: string) => void;
  /** Receives a record of each ended operation. */
  readonly onOperation?: (record: OperationRecord) => void;
  /** For AWS. Absent: AWS's default credential chain. */
  readonly awsCredentials?: AwsCredentials;
  /** The store; absent: the Redis or the folder of the settings. It is closed with the server. */
  readonly store?: Store;
  /** The gauge of the memory of the process; absent: that of V8 and the operating system. */
  readonly gauge?: MemoryGauge;
}

export interface Assembly extends Operations, Pick<AssemblyOptions, 'clock' | 'config' | 'log'> {
  readonly storage: Storage;
  readonly services: Services;
  readonly watching: Watching;
  readonly creates: Creates;
  readonly telemetry: Telemetry;
  readonly authenticator: Authenticator;
  readonly throttle: ConnectionThrottle;
  readonly addressOf: AddressOf;
  readonly gate: Gate;
  /** Undefined if single operations are not logged. */
  readonly operationLog: OperationLog | undefined;
  /** Lets go of all of them, after what was asked has ended. */
  readonly close: () => Promise<void>;
}

/**
 * Rejects if the store or the port of the metrics cannot be opened, or a file of the settings is invalid; then
 * everything acquired before has been released.
 */
export async function assemble(options: AssemblyOptions): Promise<Assembly> {
  const cleanup = new Cleanup();
  try {
    return { ...(await assembleParts(options, cleanup)), close: () => cleanup.run() };
  } catch (error) {
    // The first failure is the reason, even if the cleanup fails as well.
    await cleanup.run().catch(() => {});
    throw error;
  }
}

async function assembleParts(options: AssemblyOptions, cleanup: Cleanup): Promise<Omit<Assembly, 'close'>> {
  const { config, clock, log, onOperation, awsCredentials } = options;
  const missing = tracingFault(config.tracesEndpoint);
  if (missing !== undefined) throw new ConfigError([missing]);
  const trustedDocuments = await readTrustedDocuments(config);
  const storage = await openStorage(options);
  const { store, redis } = storage;
  cleanup.add(() => redis?.disconnect());
  cleanup.add(() => store.close());
  const authenticator = await createAuthenticator({ auth: config.auth, clock, log });
  cleanup.add(() => authenticator.close());
  const throttle = new ConnectionThrottle(defaultConnectionLimit, clock.monotonicMs);
  const addressOf = addressReader(config.trustedProxies);
  const telemetry = await startTelemetry({ ...config, clock });
  cleanup.add(() => telemetry.stop());
  const services = await startServices({ config, clock, awsCredentials, observer: telemetry.calls });
  cleanup.add(() => services.close());
  const loggedUnreadable = new Set<string>();
  const shares = await openShares(storage, clock, {
    onUnreadable: (collection) => {
      telemetry.onUnreadable(collection);
      // There may be thousands; the metric counts them.
      if (!loggedUnreadable.has(collection)) log(unreadableObservation);
      loggedUnreadable.add(collection);
    },
    onReplaced: () => log(replacedRedis),
  });
  cleanup.add(() => shares.close());
  // The watcher records its own reads.
  const answerRecorder = new AnswerRecorder({
    ...shares,
    clock,
    watcher: () => watching.watcher,
  });
  const backends = observedBackends(services.backends, answerRecorder);
  const reads = shareReads(backends, clock);
  const watching = startWatching({
    config,
    clock,
    storage,
    backends: services.backends,
    shares,
    onTransition: (transition) => {
      // A caller who received a change must not be shown, by a read that began before it, the earlier state.
      if (transition.kind !== 'first') reads.forget(transition.job);
      telemetry.onTransition(transition);
    },
  });
  cleanup.add(() => watching.watcher.stop());
  telemetry.addGauges(watching.gauges);
  const fullness = new StoreFaults({ clock, log, setting: store.setting, reasonOf: () => tooManyKeys });
  const creates = openCreates({
    store,
    backends,
    clock,
    onUnreadable: () => {
      telemetry.onUnreadable('creates');
      log(unreadableCreate);
    },
    onFull: () => fullness.failed(undefined),
  });
  cleanup.add(() => creates.reconciliation.stop());
  // Waits for the outcome of each create that was sent, and records it.
  cleanup.add(() => creates.createOnce.settled());
  const gate = new Gate(new MemoryMonitor(clock, options.gauge ?? systemGauge(config.nodeOptions)), clock);
  cleanup.add(() => gate.close());
  const operationLog = operationLogFor(clock, [onOperation, telemetry.onOperation]);
  const operations = createOperations({
    config,
    log,
    clock,
    reads,
    services: services.asked,
    watcher: watching.watcher,
    createOnce: creates.createOnce,
    whenRecorded: () => answerRecorder.written(),
    cursorKey: keyFrom(store.secret, 'list cursors'),
    authenticator,
    throttle,
    addressOf,
    redis,
    trustedDocuments,
    operationLog,
    onEvent: telemetry.onEvent,
    onRefusal: telemetry.onRefusal,
    inTrace: telemetry.inTrace,
  });
  cleanup.add(startExpiry(store, clock));
  return {
    config,
    clock,
    log,
    storage,
    services,
    watching,
    creates,
    telemetry,
    authenticator,
    throttle,
    addressOf,
    gate,
    operationLog,
    ...operations,
  };
}

const replacedRedis =
  'WAYBILL_REDIS_URL: the Redis was emptied or replaced: the idempotency keys, cursors and history of jobs that it held are ' +
  'forgotten. A create that is repeated with a key from before may happen twice: look through `jobs` first.';

const tooManyKeys = `there are ${maxRecords} idempotency keys already, and each is kept for 24 hours: wait for the oldest to expire`;

const unreadableCreate =
  'The record of an idempotency key cannot be read: another version of the gateway wrote it. This version answers ' +
  'OUTCOME_UNKNOWN for the key; start the version that wrote it to use it.';

const unreadableObservation =
  'Some observations of jobs cannot be read: another version of the gateway wrote them. This version skips them; ' +
  'waybill_unreadable_records_total counts them.';

async function readTrustedDocuments({ trustedDocuments: path }: Config): Promise<TrustedDocuments | undefined> {
  return path === undefined ? undefined : trustedDocumentsFrom(await readFile(path, 'utf8'));
}

type OperationListener = (record: OperationRecord) => void;

function operationLogFor(
  clock: Clock,
  candidates: readonly (OperationListener | undefined)[],
): OperationLog | undefined {
  const listeners = candidates.filter((each) => each !== undefined);
  if (listeners.length === 0) return undefined;
  return new OperationLog(clock, (record) => {
    for (const listener of listeners) listener(record);
  });
}
