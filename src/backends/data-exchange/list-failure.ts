/** Tells a failure of lists only from a failure of all calls. */
import { BackendError, type CallerErrorCode, type UpstreamErrorCode } from '../../model/errors.ts';

const codesOfAllCalls: ReadonlySet<CallerErrorCode | UpstreamErrorCode> = new Set([
  'CLOCK_SKEW',
  'CREDENTIALS_UNAVAILABLE',
  'UPSTREAM_BUSY',
  'UPSTREAM_THROTTLED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
] as const);

/**
 * Whether GetJob may succeed where ListJobs failed with `error`: IAM may allow only GetJob, and a page may be broken as
 * a whole. Where the service is overloaded, down or refuses the gateway, a GetJob for each job would only add load.
 */
export function isOnlyAboutLists(error: unknown): boolean {
  return error instanceof BackendError && !codesOfAllCalls.has(error.code);
}
