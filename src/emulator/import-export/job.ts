/** A job of AWS Import/Export, and its status at an instant, which follows from the time only. */
import type { Manifest } from './manifest.ts';
import { neverArrives, outcomeOf } from './outcome.ts';

export interface Job {
  readonly id: string;
  readonly createdAt: number;
  manifest: Manifest;
  /** The scheduled stages; undefined if the device is never sent. */
  readonly course: Course | undefined;
  /** The status that a command or a cancellation set, for good. */
  fixed: Status | undefined;
}

export interface Course {
  readonly startsAt: number;
  readonly stepMs: number;
}

export interface Status {
  readonly locationCode: string;
  readonly progressCode: string;
  readonly errorCount: number;
  readonly carrier?: string | undefined;
  readonly trackingNumber?: string | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/** A job without a device expires after 30 days (Developer Guide). How long the service keeps it then is unknown. */
const expiresAfterMs = 30 * dayMs;
const goneAfterMs = 90 * dayMs;

const expected: Status = { locationCode: 'NotReceived', progressCode: 'Pending', errorCount: 0 };

export function statusAt(job: Job, now: number): Status {
  if (job.fixed !== undefined) return job.fixed;
  if (job.course === undefined || neverArrives(job.manifest)) {
    return now - job.createdAt < expiresAfterMs ? expected : { ...expected, progressCode: 'Expired' };
  }
  return statusAtStage(job.manifest, Math.floor((now - job.course.startsAt) / job.course.stepMs));
}

/** Whether the service has removed the job; it then answers ExpiredJobIdException to everything. */
export function isGone(job: Job, now: number): boolean {
  return statusAt(job, now).progressCode === 'Expired' && now - job.createdAt >= goneAfterMs;
}

export function isCancelled(job: Job, now: number): boolean {
  return statusAt(job, now).progressCode === 'Canceled';
}

/** The usual stages: on its way, at AWS, being loaded, loaded, sent back. */
function statusAtStage(manifest: Manifest, stage: number): Status {
  if (stage < 1) return expected;
  if (stage === 1) return { ...expected, locationCode: 'AtAWS' };
  if (stage === 2) return { ...expected, locationCode: 'AtAWS', progressCode: 'InProgress' };
  const ended = { locationCode: 'AtAWS', ...outcomeOf(manifest) };
  return stage === 3 ? ended : returned(ended);
}

export function returned(status: Status): Status {
  return { ...status, locationCode: 'Returned', carrier: 'UPS', trackingNumber: '1Z999AA10123456784' };
}
