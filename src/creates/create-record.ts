/**
 * What is kept of a create with a key: enough to know it again and to find its job, nothing of what was asked for.
 *
 * `DISPATCHED` is on the disk before anything is sent; so whatever a crash leaves in that state may have happened, and counts
 * as `UNKNOWN`. Only who has written it sends, and soon or not at all; what another gateway finds in that state may be under
 * way there, until it is old. That a key is reserved before is known to one process only: nothing was sent yet.
 */
import { z } from 'zod';

/**
 * By what a job is recognised later. Null where nothing ties a job to the create. Like all that is kept here it may have members
 * that a newer gateway wrote: they are let through, and written back.
 */
const trace = z
  .union([
    z.looseObject({
      service: z.literal('DATA_EXCHANGE'),
      dataSetId: z.string(),
      /** What the job does; see `WorkMark`. */
      work: z.string(),
      /** Absent where an older gateway wrote it, whose marks cannot be compared. */
      said: z.record(z.string(), z.array(z.string()).readonly()).optional(),
      version: z.number().optional(),
    }),
    z.looseObject({
      service: z.literal('IMPORT_EXPORT'),
      /** What its manifest says in `generator`. */
      generator: z.string(),
    }),
  ])
  .nullable();

const rejection = z.looseObject({
  code: z.enum(['ACCESS_DENIED', 'CONFLICT', 'INVALID_INPUT', 'INVALID_MANIFEST', 'NOT_FOUND', 'QUOTA_EXCEEDED']),
  /** One of our own sentences. */
  message: z.string(),
  awsCode: z.string(),
  field: z.array(z.string()).readonly().optional(),
});

export const createRecord = z.looseObject({
  service: z.enum(['DATA_EXCHANGE', 'IMPORT_EXPORT']),
  state: z.enum(['BOUND', 'DISPATCHED', 'REJECTED', 'UNKNOWN']),
  inputMark: z.string(),
  trace,
  /** Milliseconds since the epoch, like all that follow: when the first attempt was about to be sent, and the last. */
  dispatchedAt: z.number(),
  attemptAt: z.number(),
  /** How many were sent, or were about to be: as many jobs may be this create's, and no more. */
  attempts: z.int().min(1),
  /** When those between were about to be sent, the latest of them. */
  between: z.array(z.number()).readonly().optional(),
  expiresAt: z.number(),
  awsJobId: z.string().optional(),
  rejection: rejection.optional(),
});

export type CreateRecord = z.infer<typeof createRecord>;
export type Trace = NonNullable<CreateRecord['trace']>;
export type Rejection = z.infer<typeof rejection>;

/** For how long a key stands for its first use. */
export const keptMs = 86_400_000;

/** Whether the create may have happened, and nobody knows. */
export function isUnsettled({ state }: CreateRecord): boolean {
  return state === 'DISPATCHED' || state === 'UNKNOWN';
}

/** Whether both are absent, or the same attempt with its outcome still open. */
export function isSameAttempt(one: CreateRecord | undefined, other: CreateRecord | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isUnsettled(one) && one.attempts === other.attempts && one.attemptAt === other.attemptAt;
}

export type NewRecord = Pick<CreateRecord, 'inputMark' | 'service' | 'trace'>;

/** A job too many of one that is older still than these waits, and does no harm. */
const maxBetween = 20;

/** The record of an attempt that is about to be sent at `now`: of the first one, or of one more after `earlier`. */
export function dispatched(create: NewRecord, now: number, earlier?: CreateRecord): CreateRecord {
  if (earlier !== undefined) {
    const attempts = earlier.attempts + 1;
    const between = attempts > 2 ? [...(earlier.between ?? []), earlier.attemptAt].slice(-maxBetween) : undefined;
    return { ...earlier, state: 'DISPATCHED', attemptAt: now, attempts, ...(between && { between }) };
  }
  const { service, inputMark, trace: found } = create;
  return {
    service,
    state: 'DISPATCHED',
    inputMark,
    trace: found,
    dispatchedAt: now,
    attemptAt: now,
    attempts: 1,
    expiresAt: now + keptMs,
  };
}

export function bound(record: CreateRecord, awsJobId: string): CreateRecord {
  return { ...record, state: 'BOUND', awsJobId };
}

/** How many jobs it may have made that are on no record. */
export function maxUnbound(record: CreateRecord): number {
  if (isUnsettled(record)) return record.attempts;
  return record.state === 'BOUND' ? record.attempts - 1 : 0;
}

/** When its attempts were about to be sent: of very many the first, and the latest. */
export function attemptTimes({ dispatchedAt, between = [], attemptAt, attempts }: CreateRecord): readonly number[] {
  return attempts === 1 ? [dispatchedAt] : [dispatchedAt, ...between, attemptAt];
}

/** Whether it may have left a job that nobody was told of: one that no device was sent for does nothing in Import/Export. */
export function mayHaveLeftovers({ service, state, attempts }: CreateRecord): boolean {
  return service === 'DATA_EXCHANGE' && state === 'BOUND' && attempts > 1;
}

/**
 * How long after its last attempt a create that left no job still cannot be said to have failed: the service may be at it.
 * Twice the time of a request for Data Exchange, where a job too many is only one that waits; Import/Export's are parcels.
 */
export const settlingMs = { DATA_EXCHANGE: 6_000, IMPORT_EXPORT: 60_000 } as const;

/**
 * How long after it was put on record an attempt may still be sent. Waiting for a turn, sending and answering take up to 6 s
 * more, and have to be over by the time another gateway may take it for lost; of Data Exchange that is said of all but the
 * slowest, whose jobs wait and are found to be too many.
 */
export const sendWithinMs = { DATA_EXCHANGE: 2_000, IMPORT_EXPORT: 20_000 } as const;

/** How long another gateway's attempt is waited for before its job is looked for. A request that is answered is by then. */
export const answeredMs = 4_000;
