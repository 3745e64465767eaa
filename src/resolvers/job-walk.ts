/** Walks the list of one service for the jobs that a filter admits. */
import { BackendError } from '../model/errors.ts';
import type { ImportExportStatus } from '../model/import-export-job.ts';
import { admitsKind, admitsState, type JobFilter } from '../model/job-filter.ts';
import { isFinished, type JobRef, type JobState } from '../model/job-state.ts';
import type { ListedJob, ListedPages } from './job-listing.ts';
import { ageKey } from './job-merge.ts';
import type { WalkBudget } from './walk-budget.ts';

/** An entry that the filter was applied to. */
export interface WalkedJob extends ListedJob {
  readonly isAdmitted: boolean;
  /** When the entry was created, as a number; infinite if that is not known. */
  readonly age: number;
}

/** Yields entries in the order of the list. Returns whether the walk came to its end or stopped early. */
export type WalkedRuns = AsyncGenerator<readonly WalkedJob[], 'over' | 'paused'>;

export interface WalkOptions {
  readonly filter: JobFilter;
  readonly budget: WalkBudget;
  /** The last observed state of a job. */
  readonly lastState: (job: JobRef) => JobState | undefined;
  /** Reads the state of a job whose list entry does not show it. */
  readonly readStatus: (awsJobId: string) => Promise<ImportExportStatus>;
}

/** The statuses that are read before the walk looks whether the page is full. A few of them are read at once. */
const readsPerRun = 16;

/** Lists are newest first, but the clocks of a service may differ: the walk goes on for so long past `createdAfter`. */
const disorderMs = 60_000;

/** Reads at least one page, and the status of at least one job if any is needed, so that each walk gets further. */
export async function* walkJobs(pages: ListedPages, options: WalkOptions): WalkedRuns {
  const { filter, budget } = options;
  const endsBefore = filter.createdAfter === undefined ? Number.NEGATIVE_INFINITY : filter.createdAfter.getTime();
  let mayRead = Math.max(1, Math.min(readsPerRun, budget.left));
  for (;;) {
    const { value: page } = await pages.next();
    if (page === undefined) return 'over';
    const end = page.findIndex(({ job }) => ageKey(job) < endsBefore - disorderMs);
    const entries = end === -1 ? page : page.slice(0, end);
    for (let start = 0; start < entries.length; ) {
      const run = nextRun(entries, start, mayRead, options);
      if (run.length === 0) return 'paused';
      yield* decided(run, options);
      start += run.length;
      mayRead = Math.min(readsPerRun, budget.left);
    }
    if (end !== -1) return 'over';
    if (budget.isSpent) return 'paused';
  }
}

/** An entry, and whether it is admitted; undefined until its status is read. */
interface Candidate {
  readonly entry: ListedJob;
  readonly isAdmitted: boolean | undefined;
}

/** The entries from `start` on, up to the one whose status would be one read too many. */
function nextRun(
  entries: readonly ListedJob[],
  start: number,
  maxReads: number,
  options: WalkOptions,
): readonly Candidate[] {
  const run: Candidate[] = [];
  let reads = 0;
  for (const entry of entries.slice(start)) {
    const candidate = candidateFrom(entry, options);
    if (candidate.isAdmitted === undefined) reads += 1;
    if (reads > maxReads) break;
    run.push(candidate);
  }
  return run;
}

/** An entry that cannot be read may be a job that the filter admits. */
function candidateFrom(entry: ListedJob, { filter, lastState }: WalkOptions): Candidate {
  const { job, positions } = entry;
  if (job instanceof BackendError) return { entry, isAdmitted: true };
  if (admitsKind(filter, job) === false) return { entry, isAdmitted: false };
  if (filter.states === undefined) return { entry, isAdmitted: true };
  if (job.state !== undefined) return { entry, isAdmitted: admitsState(filter, job.state) };
  // Only a finished state is final: any other may have changed since it was observed.
  const state = lastState(job);
  if (state === undefined || !isFinished(state)) return { entry, isAdmitted: undefined };
  return { entry: { job: { ...job, state }, positions }, isAdmitted: admitsState(filter, state) };
}

/**
 * Reads the statuses that `run` needs. A failure that concerns the service and not one job ends the walk before its
 * job, so that the next page asks for it again; a job whose status fails by itself may be one that the filter admits.
 */
async function* decided(run: readonly Candidate[], options: WalkOptions) {
  const undecided = run.filter(({ isAdmitted }) => isAdmitted === undefined);
  options.budget.spend(undecided.length);
  const read = await Promise.all(undecided.map(({ entry }) => readEntry(entry, options)));
  const entries = read.values();
  const walked: WalkedJob[] = [];
  for (const { entry, isAdmitted } of run) {
    const next = isAdmitted === undefined ? entries.next().value : walkedJob(entry, entry.job, isAdmitted);
    if (next instanceof BackendError) {
      if (walked.length > 0) yield walked;
      throw next;
    }
    if (next !== undefined) walked.push(next);
  }
  yield walked;
}

function walkedJob({ job, positions }: ListedJob, shown: ListedJob['job'], isAdmitted: boolean): WalkedJob {
  return { job: shown, positions, isAdmitted, age: ageKey(job) };
}

/** Resolves with an error that ends the walk. */
async function readEntry(entry: ListedJob, { filter, readStatus }: WalkOptions): Promise<BackendError | WalkedJob> {
  const { job } = entry;
  if (job instanceof BackendError || job.service === 'DATA_EXCHANGE') return walkedJob(entry, job, true);
  try {
    const status = await readStatus(job.awsJobId);
    return walkedJob(entry, { ...job, status }, admitsState(filter, status.state));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return isOfService(error) ? error : walkedJob(entry, error, true);
  }
}

const codesOfService: ReadonlySet<BackendError['code']> = new Set<BackendError['code']>([
  'ACCESS_DENIED',
  'CLOCK_SKEW',
  'CREDENTIALS_UNAVAILABLE',
  'UPSTREAM_BUSY',
  'UPSTREAM_THROTTLED',
]);

function isOfService({ code, isWithheld }: BackendError): boolean {
  return isWithheld || codesOfService.has(code);
}
