/** How often each property is tried: by `npm run test:rest`, and more often by `npm run test:long`. */
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly isLongRun?: boolean;
  }
}

const isLongRun = inject('isLongRun') ?? false;

/** For each of the two services. */
export const replyRuns = isLongRun ? 50_000 : 5_000;

/** For valid inputs and for broken ones, each. */
export const requestRuns = isLongRun ? 10_000 : 1_000;

/** Of operations of several callers, each in another order of their steps. */
export const interleavingRuns = isLongRun ? 10_000 : 300;

/** Operations of fifty callers, one after the other and at once. */
export const walkSteps = isLongRun ? 200_000 : 4_000;

/** For each way in which the watcher is tried. */
export const watcherRuns = isLongRun ? 10_000 : 500;

/** Lives of six keys, with about ten creates each. */
export const createRuns = isLongRun ? 1_500 : 60;

/** Of hostile documents; a sixth of them to a running gateway. */
export const documentRuns = isLongRun ? 60_000 : 3_000;

/** Requests with a secret planted in them, and as many answers at least. */
export const canaryRuns = isLongRun ? 100_000 : 2_000;

/** Callers, addresses and idempotency keys that never come twice, each. */
export const distinctKeys = isLongRun ? 1_000_000 : 100_000;

/** Documents that never come twice, each sent to a running gateway. */
export const distinctDocuments = isLongRun ? 1_000_000 : 4_000;
