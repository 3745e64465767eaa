/** Creates that must not happen twice: what an idempotency key promises. */
import { createHash } from 'node:crypto';
import { BackendError } from './errors.ts';
import type { JobService } from './job.ts';
import type { Maybe } from './job-request.ts';

export interface CreateRequest {
  readonly service: JobService;
  /** Who asks: the same key of two tenants makes two jobs. */
  readonly tenant: string;
  /** The caller's `idempotencyKey`. Without one the create simply runs. */
  readonly key: Maybe<string>;
  /** What the caller asked for. The same key with another input is refused with `IDEMPOTENCY_MISMATCH`. */
  readonly input: unknown;
}

/**
 * Runs `create` unless a create with the same key ran before or is running now; then gives that one's outcome.
 *
 * A create that was refused leaves its key free. One whose outcome is unknown keeps its key, and every repeat is answered
 * with that same error: it is never sent again blindly.
 */
export type CreateOnce = <T>(request: CreateRequest, create: () => Promise<T>) => Promise<T>;

interface Record {
  /** What was asked for, as a hash: the input itself may hold addresses and passwords and is not kept. */
  readonly inputHash: string;
  readonly outcome: Promise<unknown>;
}

/**
 * `CreateOnce` in the memory of one process: it holds the newest `capacity` keys and forgets them all at a restart.
 */
export function createOnceInMemory(capacity = 10_000): CreateOnce {
  const records = new Map<string, Record>();

  return <T>({ service, tenant, key, input }: CreateRequest, create: () => Promise<T>): Promise<T> => {
    if (key === null || key === undefined) return create();
    const recordKey = JSON.stringify([service, tenant, key]);
    const inputHash = createHash('sha256').update(canonicalJson(input)).digest('base64');
    const known = records.get(recordKey);
    if (known !== undefined) {
      if (known.inputHash !== inputHash) return Promise.reject(mismatch(service));
      // One key belongs to one service, and each service has one kind of create.
      return known.outcome as Promise<T>;
    }
    const outcome = create();
    records.set(recordKey, { inputHash, outcome });
    outcome.catch((error: unknown) => {
      const isUnclear = error instanceof BackendError && error.isOutcomeUnclear;
      if (!isUnclear) records.delete(recordKey);
    });
    forgetOldest(records, capacity);
    return outcome;
  };
}

function forgetOldest(records: Map<string, Record>, capacity: number): void {
  const [oldest] = records.keys();
  if (records.size > capacity && oldest !== undefined) records.delete(oldest);
}

function mismatch(service: JobService): BackendError {
  return new BackendError({
    service,
    code: 'IDEMPOTENCY_MISMATCH',
    message: 'This idempotency key was used with another input. Use a new key for a new job.',
    field: ['idempotencyKey'],
  });
}

/** Equal for equal inputs, whatever the order of their members; absent and null are the same, as they are to a service. */
function canonicalJson(input: unknown): string {
  return JSON.stringify(input, (_name, value: unknown) => {
    if (value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
