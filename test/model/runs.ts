/** Number of runs of each property, in `npm run test:rest` and, larger, in `npm run test:long`. */
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly isLongRun?: boolean;
  }
}

const isLongRun = inject('isLongRun') ?? false;

/** For each of the two services. */
export const replyRuns = isLongRun ? 50_000 : 3_000;

/** For valid inputs and for invalid ones, each. */
export const requestRuns = isLongRun ? 10_000 : 1_000;

/** Runs of interleaved operations. */
export const interleavingRuns = isLongRun ? 10_000 : 300;

/** Operations of fifty callers, sequential and concurrent. */
export const walkSteps = isLongRun ? 200_000 : 4_000;

/** For each property of the watcher. */
export const watcherRuns = isLongRun ? 10_000 : 300;

/** How long each of them may take, in milliseconds: a bound that catches a hang. */
export const watcherBoundMs = isLongRun ? 1_800_000 : 300_000;

/** Sequences with twelve keys and about ten creates each. */
export const createRuns = isLongRun ? 1_500 : 60;

/** Hostile documents; a sixth of them go to a running gateway. */
export const documentRuns = isLongRun ? 60_000 : 3_000;

/** Requests with a secret planted in them, and as many answers at least. */
export const canaryRuns = isLongRun ? 100_000 : 800;

/** Distinct callers, addresses and idempotency keys, each. */
export const distinctKeys = isLongRun ? 1_000_000 : 100_000;

/** Distinct documents, each sent to a running gateway. */
export const distinctDocuments = isLongRun ? 1_000_000 : 4_000;

/** For each property of the reads of data sets, revisions and assets. */
export const catalogRuns = isLongRun ? 10_000 : 300;

/** Losses of a Redis with a replica, each with gateways of its own. */
export const failoverRuns = 60;
