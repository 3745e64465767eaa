/** Makes the parts of the gateway, each with what it needs of the others. None of them listens yet. */
import { readFile } from 'node:fs/promises';
import type { AwsCredentials } from '../backends/calls/credentials.ts';
import type { Clock } from '../base/clock.ts';
import { Endings } from '../base/endings.ts';
import type { Config } from '../config/config.ts';
import { type Creates, openCreates } from '../creates/index.ts';
import { OperationLog } from '../execution/operation-log.ts';
import type { Yoga } from '../execution/server-context.ts';
import { createGateway } from '../execution/yoga.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import { createAuthenticator } from '../identity/callers.ts';
import { ConnectionThrottle, defaultConnectionLimit } from '../limits/rate-limit.ts';
import type { TrustedDocuments } from '../limits/trusted-documents.ts';
import { trustedDocumentsFrom } from '../limits/trusted-documents-file.ts';
import type { OperationRecord } from '../log/operation-record.ts';
import { observedBackends } from '../reads/observed-backends.ts';
import { shareReads } from '../reads/shared-reads.ts';
import { startExpiry } from '../store/expiry.ts';
import { keyFrom } from '../store/key.ts';
import type { Store } from '../store/store.ts';
import { startTelemetry, type Telemetry } from '../telemetry/index.ts';
import { Gate } from '../transport/gate.ts';
import { type LoadGauge, systemGauge } from '../transport/load-gauge.ts';
import { defaultLoadLimits, LoadMonitor } from '../transport/load-monitor.ts';
import { AnswerRecorder } from '../watch/history/answer-recorder.ts';
import { type Services, startServices } from './services.ts';
import { openStorage, type Storage } from './storage.ts';
import { openShares, startWatching, type Watching } from './watching.ts';

export interface AssemblyOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** Takes one line about something that nobody expected. */
  readonly log: (line: string) => void;
  /** Takes a record of each operation that has ended. */
  readonly onOperation?: (record: OperationRecord) => void;
  /** For the real services. Absent: what AWS's default chain finds. */
  readonly awsCredentials?: AwsCredentials;
  /** What survives a restart; absent: the Redis or the folder of the settings. It is closed with the server. */
  readonly store?: Store;
  /** How much the process has to do; absent: what V8 and the operating system say. */
  readonly gauge?: LoadGauge;
}

export interface Assembly extends Pick<AssemblyOptions, 'clock' | 'config' | 'log'> {
  readonly storage: Storage;
  readonly services: Services;
  readonly watching: Watching;
  readonly creates: Creates;
  readonly telemetry: Telemetry;
  readonly authenticator: Authenticator;
  readonly throttle: ConnectionThrottle;
  readonly gate: Gate;
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** Undefined where nobody wants to know of single operations. */
  readonly operationLog: OperationLog | undefined;
  readonly yoga: Yoga;
  /** Lets go of all of them, after what was asked has ended. */
  readonly close: () => Promise<void>;
}

/**
 * Rejects if the store or the port of the metrics cannot be had, or a file that the settings name cannot be used; by then it has let go of
 * what it had taken.
 */
export async function assemble(options: AssemblyOptions): Promise<Assembly> {
  const endings = new Endings();
  try {
    return { ...(await assembleParts(options, endings)), close: () => endings.run() };
  } catch (error) {
    // Whatever fails now as well, the first failure is the reason.
    await endings.run().catch(() => {});
    throw error;
  }
}

async function assembleParts(options: AssemblyOptions, endings: Endings): Promise<Omit<Assembly, 'close'>> {
  const { config, clock, log, onOperation, awsCredentials } = options;
  const trustedDocuments = await readTrustedDocuments(config);
  const storage = await openStorage(options);
  const { store, redis } = storage;
  endings.add(() => redis?.disconnect());
  endings.add(() => store.close());
  const authenticator = createAuthenticator({ auth: config.auth, clock, log });
  endings.add(() => authenticator.close());
  const throttle = new ConnectionThrottle(defaultConnectionLimit, clock.monotonicMs);
  const telemetry = await startTelemetry({ ...config, clock });
  endings.add(() => telemetry.stop());
  const services = await startServices({ config, clock, awsCredentials, observer: telemetry.calls });
  endings.add(() => services.close());
  const saidUnreadable = new Set<string>();
  const shares = await openShares(storage, clock, (collection) => {
    telemetry.onUnreadable(collection);
    // There may be thousands: the metric counts them.
    if (!saidUnreadable.has(collection)) log(unreadableObservation);
    saidUnreadable.add(collection);
  });
  endings.add(() => shares.close());
  // What the watcher reads it records itself.
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
      // Whoever is told of a change must not be shown, by a read that began before it, the state that it replaced.
      if (transition.kind !== 'first') reads.forget(transition.job);
      telemetry.onTransition(transition);
    },
  });
  endings.add(() => watching.watcher.stop());
  telemetry.watch(watching.levels);
  const creates = openCreates({
    store,
    backends,
    clock,
    onUnreadable: () => {
      telemetry.onUnreadable('creates');
      log(unreadableCreate);
    },
  });
  endings.add(() => creates.reconciliation.stop());
  // What was sent is seen to its end, and its outcome recorded.
  endings.add(() => creates.createOnce.settled());
  const gate = new Gate(new LoadMonitor(clock, options.gauge ?? systemGauge(), defaultLoadLimits), clock);
  endings.add(() => gate.close());
  const operationLog = operationLogFor(clock, [onOperation, telemetry.onOperation]);
  const yoga = createGateway({
    config,
    log,
    clock,
    reads,
    watcher: watching.watcher,
    createOnce: creates.createOnce,
    cursorKey: keyFrom(store.secret, 'list cursors'),
    authenticator,
    throttle,
    redis,
    trustedDocuments,
    operationLog,
    onEvent: telemetry.onEvent,
    plugins: telemetry.plugins,
  });
  endings.add(startExpiry(store, clock));
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
    gate,
    trustedDocuments,
    operationLog,
    yoga,
  };
}

const unreadableCreate =
  'What is kept of an idempotency key cannot be read: another version of the gateway wrote it. Here the key is answered ' +
  'OUTCOME_UNKNOWN; start the version that wrote it to use it.';

const unreadableObservation =
  'Some of what was observed of jobs cannot be read: another version of the gateway wrote it. It is left out here; ' +
  'waybill_unreadable_records_total counts it.';

async function readTrustedDocuments({ trustedDocuments: path }: Config): Promise<TrustedDocuments | undefined> {
  return path === undefined ? undefined : trustedDocumentsFrom(await readFile(path, 'utf8'));
}

type OperationListener = (record: OperationRecord) => void;

function operationLogFor(clock: Clock, given: readonly (OperationListener | undefined)[]): OperationLog | undefined {
  const listeners = given.filter((each) => each !== undefined);
  if (listeners.length === 0) return undefined;
  return new OperationLog(clock, (record) => {
    for (const listener of listeners) listener(record);
  });
}
