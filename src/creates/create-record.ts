/**
 * The record of a create with a key: enough to recognise the create and to find its job, and nothing of the input.
 *
 * `DISPATCHED` is on disk before the request is sent: so a create that a crash leaves in this state may have happened,
 * and counts as `UNKNOWN`. Only the writer of that state sends the request, within `sendWithinMs`; another gateway that
 * finds a recent record in this state waits for it. The reservation of a key before that exists in one process only:
 * nothing is sent by then.
 */
import { z } from 'zod';
import type { JobService } from '../model/job-state.ts';

/** What creates make. A job has the name of its service, as in stores of 0.1.0. */
const targets = ['DATA_EXCHANGE', 'IMPORT_EXPORT', 'DATA_SET', 'REVISION'] as const;

export type CreateTarget = (typeof targets)[number];

export function serviceOf(target: CreateTarget): JobService {
  return target === 'IMPORT_EXPORT' ? target : 'DATA_EXCHANGE';
}

/**
 * What the result is found by later; null if nothing links it to the create. Unknown members come from a newer
 * gateway and are kept.
 */
const trace = z
  .union([
    z.looseObject({
      service: z.literal('DATA_EXCHANGE'),
      dataSetId: z.string(),
      /** Hash of the job's work; see `WorkMark`. */
      work: z.string(),
      /** Absent in records of older gateways, whose marks cannot be compared. */
      said: z.record(z.string(), z.array(z.string()).readonly()).optional(),
      version: z.number().optional(),
      /** The job whose details the create repeats: it does the same, and is not the one that the create has made. */
      repeats: z.string().optional(),
    }),
    z.looseObject({
      service: z.literal('IMPORT_EXPORT'),
      /** The `generator` of its manifest. */
      generator: z.string(),
    }),
    z.looseObject({
      service: z.literal('DATA_SET'),
      /** The value of its tag. */
      tag: z.string(),
    }),
    z.looseObject({
      service: z.literal('REVISION'),
      dataSetId: z.string(),
      /** The value of its tag. */
      tag: z.string(),
    }),
  ])
  .nullable();

const rejection = z.looseObject({
  code: z.enum(['ACCESS_DENIED', 'CONFLICT', 'INVALID_INPUT', 'INVALID_MANIFEST', 'NOT_FOUND', 'QUOTA_EXCEEDED']),
  /** The gateway's own message. */
  message: z.string(),
  awsCode: z.string(),
  field: z.array(z.string()).readonly().optional(),
});

export const createRecord = z.looseObject({
  /** What it makes. */
  service: z.enum(targets),
  state: z.enum(['BOUND', 'DISPATCHED', 'REJECTED', 'UNKNOWN']),
  inputMark: z.string(),
  trace,
  /**
   * Milliseconds since the epoch, like all instants here: when the first attempt was about to be sent, and the last.
   */
  dispatchedAt: z.number(),
  attemptAt: z.number(),
  /** Number of attempts sent or about to be: the max number of jobs of this create. */
  attempts: z.int().min(1),
  /** The times of the latest attempts between these two. */
  between: z.array(z.number()).readonly().optional(),
  expiresAt: z.number(),
  /** The service's id of what it has made, which may also be a data set or a revision. */
  awsJobId: z.string().optional(),
  rejection: rejection.optional(),
});

export type CreateRecord = z.infer<typeof createRecord>;
export type Trace = NonNullable<CreateRecord['trace']>;
export type Rejection = z.infer<typeof rejection>;

/** How long a key is remembered. */
export const keyLifetimeMs = 86_400_000;

/** Whether the outcome of the create is not known. */
export function isUnsettled({ state }: CreateRecord): boolean {
  return state === 'DISPATCHED' || state === 'UNKNOWN';
}

/** Whether both are absent, or are the same attempt with an open outcome. */
export function isSameAttempt(one: CreateRecord | undefined, other: CreateRecord | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isUnsettled(one) && one.attempts === other.attempts && one.attemptAt === other.attemptAt;
}

export type NewRecord = Pick<CreateRecord, 'inputMark' | 'service' | 'trace'>;

/** The superfluous job of an older attempt keeps waiting, and does no harm. */
const maxBetween = 20;

/** The record of an attempt that is about to be sent at `now`: the first one, or one more after `earlier`. */
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
    expiresAt: now + keyLifetimeMs,
  };
}

export function bound(record: CreateRecord, awsId: string): CreateRecord {
  return { ...record, state: 'BOUND', awsJobId: awsId };
}

/** Max number of jobs that the create may have made and that no record names. */
export function maxUnbound(record: CreateRecord): number {
  if (isUnsettled(record)) return record.attempts;
  return record.state === 'BOUND' ? record.attempts - 1 : 0;
}

/** When its attempts were about to be sent: of very many the first, and the latest. */
export function attemptTimes({ dispatchedAt, between = [], attemptAt, attempts }: CreateRecord): readonly number[] {
  return attempts === 1 ? [dispatchedAt] : [dispatchedAt, ...between, attemptAt];
}

/**
 * Whether it may have left a job that no caller knows of and that the gateway can cancel. In Import/Export such a job does
 * nothing, as no device is sent for it. The gateway deletes no data set and no revision.
 */
export function mayHaveLeftovers({ service, state, attempts }: CreateRecord): boolean {
  return service === 'DATA_EXCHANGE' && state === 'BOUND' && attempts > 1;
}

/**
 * How long after the last attempt a missing result does not prove that the create failed, as the service may still be
 * processing it. For a job of Data Exchange it is twice the time of a request, since a superfluous job only waits there; a
 * superfluous data set or revision stays in every list, and a superfluous Import/Export job is a parcel.
 */
export const settlingMs = {
  DATA_EXCHANGE: 6_000,
  IMPORT_EXPORT: 60_000,
  DATA_SET: 30_000,
  REVISION: 30_000,
} as const satisfies Readonly<Record<CreateTarget, number>>;

/**
 * How long after it was recorded an attempt may still be sent. Queueing, sending and answering take up to 6 s more, and
 * must be over before another gateway may count it as lost. For jobs of Data Exchange that does not cover the slowest
 * requests, whose superfluous jobs wait and are found. A data set or revision may be sent a second time, without its tag.
 */
export const sendWithinMs = {
  DATA_EXCHANGE: 2_000,
  IMPORT_EXPORT: 20_000,
  DATA_SET: 12_000,
  REVISION: 12_000,
} as const satisfies Readonly<Record<CreateTarget, number>>;

/**
 * How long to wait for another gateway's attempt before searching for its job. By then a request that succeeds has been
 * answered.
 */
export const answeredMs = 4_000;
