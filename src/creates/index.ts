/** Assembles the parts that make creates happen once, over a store and the backends. */
import type { Backends } from '../backends/backend.ts';
import type { Clock } from '../base/clock.ts';
import { keyFrom } from '../store/key.ts';
import type { Store } from '../store/store.ts';
import { CreateOnce } from './create-once.ts';
import { type CreateTarget, settlingMs } from './create-record.ts';
import { CreateRecords, type RecordListeners } from './create-records.ts';
import { createFingerprint } from './fingerprint.ts';
import { ReadWriteLock } from './read-write-lock.ts';
import { Reconciliation } from './reconciliation.ts';

export interface CreatesOptions extends RecordListeners {
  readonly store: Store;
  readonly backends: Backends;
  readonly clock: Clock;
  readonly settlingMs?: Readonly<Record<CreateTarget, number>>;
  readonly sweepMs?: number;
}

export interface Creates {
  readonly createOnce: CreateOnce;
  readonly reconciliation: Reconciliation;
  readonly records: CreateRecords;
}

/** Sweeps begin when `reconciliation` is started. */
export function openCreates(options: CreatesOptions): Creates {
  const { store, backends, clock } = options;
  const records = new CreateRecords(store, clock, options);
  const shared = {
    clock,
    records,
    fingerprint: createFingerprint(keyFrom(store.secret, 'creates')),
    lock: new ReadWriteLock(),
    settlingMs: options.settlingMs ?? settlingMs,
  };
  const reconciliation = new Reconciliation({ ...shared, backends, sweepMs: options.sweepMs ?? 30_000 });
  return { createOnce: new CreateOnce({ ...shared, reconciliation }), reconciliation, records };
}
