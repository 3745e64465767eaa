/** How often each property is tried: by `npm test`, and more often by `npm run test:long`. */
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

/** For each way in which the watcher is tried. */
export const watcherRuns = isLongRun ? 10_000 : 500;
