/** Cancels many jobs of both services, a few at once. One that fails leaves the others alone. */
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { BackendError, isCallerError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import { fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import { type JobRef, type JobService, jobServices, serviceNames } from '../model/job-state.ts';
import { jobKey } from '../watch/history/transition-log.ts';
import { type CancelJobPayload, cancelImportExportJob } from './cancel-job.ts';
import type { Context } from './context.ts';
import { readAgain } from './data-exchange-job.ts';
import { invalidArgument, type UserError, userErrorFromFault, userErrorsFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { faultsInId } from './job-ids.ts';
import { unavailableService } from './job-page.ts';

export interface CancelJobsPayload {
  readonly results: readonly CancelJobPayload[];
}

/** Cancels of one service at once, few enough that other operations are not held up. */
const concurrency = 4;

/** A cancelled job, or the error of the cancel; or of the read after it, which then is `unread`. */
type Outcome = { readonly job: Job } | { readonly failure: BackendError } | { readonly unread: BackendError };

/** An id that occurs twice is cancelled once, and answered twice. */
export async function cancelJobs(
  _parent: unknown,
  { ids }: { ids: readonly string[] },
  context: Context,
): Promise<CancelJobsPayload> {
  if (!fits(ids.length, sizes.cancelledJobs)) throw invalidArgument('ids', `takes ${rangeOf(sizes.cancelledJobs)} ids`);
  const refs = ids.map(jobRefFrom);
  const known = new Map(refs.flatMap((ref) => (ref === undefined ? [] : [[jobKey(ref), ref] as const])));
  const ofServices = jobServices.map((service) =>
    cancelEach(
      [...known.values()].filter((ref) => ref.service === service),
      context,
    ),
  );
  const outcomes = new Map((await Promise.all(ofServices)).flat());
  const results = ids.map((id, index) => {
    const ref = refs[index];
    return resultFrom(id, ref && outcomes.get(jobKey(ref)), ['ids', String(index)]);
  });
  for (const { userErrors, unavailableService: failed } of results)
    for (const { code } of failed === null ? userErrors : [failed]) context.noteFailure(code);
  return { results };
}

function resultFrom(id: string, outcome: Outcome | undefined, field: readonly string[]): CancelJobPayload {
  const nothing = { job: null, unavailableService: null };
  const refused = (errors: readonly UserError[]) => ({
    ...nothing,
    userErrors: errors.map((error) => ({ ...error, field })),
  });
  if (outcome === undefined) return refused(faultsInId(id).map(userErrorFromFault));
  if ('job' in outcome) return { job: outcome.job, unavailableService: null, userErrors: [] };
  if ('failure' in outcome && isCallerError(outcome.failure)) return refused(userErrorsFrom(outcome.failure, []));
  const failure = 'failure' in outcome ? unavailableService(outcome.failure) : unreadService(outcome.unread);
  return { job: null, unavailableService: failure, userErrors: [] };
}

function unreadService(error: BackendError) {
  const message = `The job was cancelled, but could not be read again: ${error.message}`;
  return { ...unavailableService(error), message };
}

/** Cancels jobs of one service, a few at once. Those that were cancelled are read together afterwards. */
async function cancelEach(refs: readonly JobRef[], context: Context): Promise<[string, Outcome][]> {
  const attempts: [string, Attempt][] = [];
  let withheld: BackendError | undefined;
  for (let start = 0; start < refs.length; start += concurrency) {
    const group = refs.slice(start, start + concurrency);
    const failure = withheld;
    const ended = await Promise.all(
      group.map(
        async (ref): Promise<[string, Attempt]> => [
          jobKey(ref),
          failure === undefined ? await attempted(ref, context) : { failure },
        ],
      ),
    );
    withheld ??= reasonToStop(ended.map(([, attempt]) => attempt));
    attempts.push(...ended);
  }
  return Promise.all(attempts.map(async ([key, attempt]) => [key, await settledOutcome(attempt, context)]));
}

/**
 * The error of the jobs that are not asked for any more: once the service throttles, and once all cancels of a group have
 * failed. A service that never answers would hold up the answer about the other service's jobs.
 */
function reasonToStop(attempts: readonly Attempt[]): BackendError | undefined {
  const failures = attempts.flatMap((attempt) => ('failure' in attempt ? [attempt.failure] : []));
  const [first] = failures;
  const throttled = failures.find(({ code }) => code === 'UPSTREAM_THROTTLED');
  if (throttled !== undefined || first === undefined) return throttled;
  const isDown = failures.length === attempts.length && failures.every(({ fault }) => fault === 'service');
  return isDown ? notAsked(first) : undefined;
}

function notAsked({ service, code, retryAfterMs }: BackendError): BackendError {
  const message = `${serviceNames[service]} failed for other jobs, so it was not asked to cancel this one.`;
  return new BackendError({ service, code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** A Data Exchange job that was cancelled must still be read. */
type Attempt = Outcome | { readonly cancelledId: string };

async function attempted({ service, awsJobId }: JobRef, context: Context): Promise<Attempt> {
  const { backends, signal, watcher } = context;
  if (signal.aborted) return { failure: outOfTime(service) };
  try {
    if (service === 'IMPORT_EXPORT') return { job: await cancelImportExportJob(awsJobId, context) };
    await backends.dataExchange.cancelJob(awsJobId, { signal });
    watcher.noteMutation({ service, awsJobId });
    return { cancelledId: awsJobId };
  } catch (error) {
    return { failure: backendErrorFrom(error, service, context) };
  }
}

function outOfTime(service: JobService): BackendError {
  const message = `There was no time left to ask ${serviceNames[service]}.`;
  return new BackendError({ service, code: 'UPSTREAM_TIMEOUT', message });
}

/** Whatever failed once the time of the operation is up. Throws an unexpected error. */
function backendErrorFrom(error: unknown, service: JobService, { signal }: Context): BackendError {
  if (error instanceof BackendError) return error;
  if (signal.aborted) return outOfTime(service);
  throw error;
}

async function settledOutcome(attempt: Attempt, context: Context): Promise<Outcome> {
  if (!('cancelledId' in attempt)) return attempt;
  try {
    return { job: await readCancelled(attempt.cancelledId, context) };
  } catch (error) {
    return { unread: backendErrorFrom(error, 'DATA_EXCHANGE', context) };
  }
}

/** All together are one page of the list. A list may lag: a job that it does not show as cancelled is read by itself. */
async function readCancelled(awsJobId: string, context: Context): Promise<DataExchangeJob> {
  const job = await readAgain(awsJobId, context);
  return job.state === 'CANCELLED' ? job : context.loaders.dataExchangeJobWithUrl.load(awsJobId);
}
