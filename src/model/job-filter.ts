/** Decides which jobs a filter admits, for the lists and the streams alike. */
import type { DataExchangeJob, DataExchangeJobType } from './data-exchange-job.ts';
import type { TransferDirection } from './import-export-job.ts';
import type { Job } from './job.ts';
import { type JobService, type JobState, jobStates } from './job-state.ts';

/** Admits the jobs that fit every member. An absent member admits all. */
export interface JobFilter {
  readonly service?: JobService;
  /** Any of these. Sorted and without repetitions, as `types`. */
  readonly states?: readonly JobState[];
  /** Any of these; admits no Import/Export job. */
  readonly types?: readonly DataExchangeJobType[];
  /** Admits no Data Exchange job. */
  readonly direction?: TransferDirection;
  /** Admits no Import/Export job. */
  readonly dataSetId?: string;
  /** Only with `dataSetId`. */
  readonly revisionId?: string;
  /** Created at this instant or later. */
  readonly createdAfter?: Date;
  /** Created before this instant. */
  readonly createdBefore?: Date;
}

/** What a list of a service cannot be asked for: a page looks through the list, at the price of a walk. */
export const walkedMembers = ['createdAfter', 'createdBefore', 'direction', 'states', 'types'] as const;

/** Whether a list must be walked to apply `filter`. */
export function needsWalk(filter: JobFilter): boolean {
  return walkedMembers.some((member) => filter[member] !== undefined);
}

/** The members beside `service` and `dataSetId` as a text, the same for equal filters; empty if there are none. */
export function furtherMembers({ service: _, dataSetId: __, ...members }: JobFilter): string {
  const set = Object.entries(members).filter(([, value]) => value !== undefined);
  return set.length === 0 ? '' : JSON.stringify(set.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a job of `service` can fit `filter`. */
export function admitsService(filter: JobFilter, service: JobService): boolean {
  if (filter.service !== undefined && filter.service !== service) return false;
  if (filter.states?.every((state) => !jobStates[service].has(state))) return false;
  if (service === 'DATA_EXCHANGE') return filter.direction === undefined;
  return filter.types === undefined && filter.dataSetId === undefined;
}

export function admitsState({ states }: JobFilter, state: JobState): boolean {
  return states === undefined || states.includes(state);
}

/** Whether `filter` admits the type, the direction and the date of a job; undefined while one of them is not known. */
export function admitsKind(filter: JobFilter, job: Job): boolean | undefined {
  return every([admitsType(filter, job), admitsDate(filter, job)]);
}

/** As `admitsKind`, with all that never changes of a job. */
export function admitsJob(filter: JobFilter, job: Job): boolean | undefined {
  if (!admitsService(filter, job.service)) return false;
  return every([admitsKind(filter, job), job.service === 'IMPORT_EXPORT' || admitsSource(filter, job)]);
}

/** The revisions that a job is about; undefined where an older version of the gateway has kept only an outline. */
export function revisionIdsOf({ details, outline }: DataExchangeJob): readonly string[] | undefined {
  if (outline !== undefined) return outline.revisionIds;
  if (details === null) return [];
  if (details.type !== 'EXPORT_REVISIONS_TO_S3') return details.revisionId === null ? [] : [details.revisionId];
  return (details.destinations ?? []).flatMap((destination) => destination?.revisionId ?? []);
}

function admitsType({ types, direction }: JobFilter, job: Job): boolean | undefined {
  if (job.service === 'DATA_EXCHANGE') return types === undefined || types.includes(job.type);
  if (direction === undefined) return true;
  return job.direction === undefined ? undefined : job.direction === direction;
}

function admitsDate({ createdAfter, createdBefore }: JobFilter, { service, createdAt }: Job): boolean | undefined {
  if (createdAfter === undefined && createdBefore === undefined) return true;
  if (createdAt === undefined) return undefined;
  if (createdAfter !== undefined && createdAt.getTime() < asPreciseAs(service, createdAfter.getTime())) return false;
  return createdBefore === undefined || createdAt < createdBefore;
}

/** Import/Export cuts the fraction of a second off: a job of the same second may have been created later. */
function asPreciseAs(service: JobService, at: number): number {
  return service === 'IMPORT_EXPORT' ? Math.floor(at / 1_000) * 1_000 : at;
}

function admitsSource({ dataSetId, revisionId }: JobFilter, job: DataExchangeJob): boolean | undefined {
  if (dataSetId === undefined) return true;
  if ((job.outline ?? job.details)?.dataSetId !== dataSetId) return false;
  return revisionId === undefined ? true : revisionIdsOf(job)?.includes(revisionId);
}

/** False if any is false, else undefined if any is. */
function every(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}
