/** Checks the filter of the lists of jobs and of `jobActivity`. */
import { isAwsId } from '../backends/data-exchange/constraints.ts';
import type { DataExchangeJobType } from '../model/data-exchange-job.ts';
import type { TransferDirection } from '../model/import-export-job.ts';
import { admitsService, type JobFilter } from '../model/job-filter.ts';
import { fits, rangeOf, type Size, sizes } from '../model/job-input-sizes.ts';
import { type JobService, type JobState, jobServices, serviceNames } from '../model/job-state.ts';
import type { Maybe } from '../model/maybe.ts';
import { invalidArgument } from './failures.ts';

/** The filter as a client sends it. The schema takes an empty text, list or date for an absent one. */
export interface JobFilterInput {
  readonly service?: Maybe<JobService>;
  readonly states?: Maybe<readonly JobState[]>;
  readonly types?: Maybe<readonly DataExchangeJobType[]>;
  readonly direction?: Maybe<TransferDirection>;
  readonly dataSetId?: Maybe<string>;
  readonly revisionId?: Maybe<string>;
  readonly createdAfter?: Maybe<Date>;
  readonly createdBefore?: Maybe<Date>;
}

/** A data set, or one of its revisions, whose jobs a list has. */
export interface JobSource {
  readonly dataSetId: string;
  readonly revisionId?: string;
}

/** The filter of a list of the jobs of `source`. Throws as `jobFilterFrom`, and for members of another source. */
export function jobFilterWithin(source: JobSource, input: Maybe<JobFilterInput>): JobFilter {
  for (const member of ['dataSetId', 'revisionId'] as const) {
    const own = source[member];
    if (input?.[member] != null && own !== undefined && input[member] !== own)
      throw invalid(member, `is not that of this list, which has only jobs of ${own}`);
  }
  return jobFilterFrom({ ...input, ...source });
}

/** Throws for a filter that no job can match: a stream would wait forever, and a list would waste calls. */
export function jobFilterFrom(input: Maybe<JobFilterInput>): JobFilter {
  if (input == null) return {};
  const { service, states, types, direction, dataSetId, revisionId, createdAfter, createdBefore } = input;
  const filter: JobFilter = {
    ...(service != null && { service }),
    ...(states != null && { states: distinct('states', states, sizes.filterStates) }),
    ...(types != null && { types: distinct('types', types, sizes.filterTypes) }),
    ...(direction != null && { direction }),
    ...(dataSetId != null && { dataSetId: awsIdOf('dataSetId', dataSetId, 'a data set') }),
    ...(revisionId != null && { revisionId: awsIdOf('revisionId', revisionId, 'a revision') }),
    ...(createdAfter != null && { createdAfter }),
    ...(createdBefore != null && { createdBefore }),
  };
  checkServices(filter);
  checkStates(filter);
  if (revisionId != null && dataSetId == null)
    throw invalid('revisionId', 'needs `filter.dataSetId`, the data set of the revision');
  if (createdAfter != null && createdBefore != null && createdAfter >= createdBefore)
    throw invalid('createdBefore', 'takes an instant later than `filter.createdAfter`');
  return filter;
}

const ofDataExchange = ['types', 'dataSetId', 'revisionId'] as const;
const ofImportExport = ['direction'] as const;

/** Each of these members admits the jobs of one service only. */
function checkServices(filter: JobFilter): void {
  const exchange = ofDataExchange.find((member) => filter[member] !== undefined);
  const disk = ofImportExport.find((member) => filter[member] !== undefined);
  if (exchange !== undefined && disk !== undefined)
    throw invalid(
      disk,
      `admits only ${serviceNames.IMPORT_EXPORT} jobs, and \`filter.${exchange}\` admits none of them`,
    );
  if (filter.service === 'IMPORT_EXPORT' && exchange !== undefined)
    throw invalid(
      exchange,
      `admits only ${serviceNames.DATA_EXCHANGE} jobs, and \`filter.service\` admits none of them`,
    );
  if (filter.service === 'DATA_EXCHANGE' && disk !== undefined)
    throw invalid(disk, `admits only ${serviceNames.IMPORT_EXPORT} jobs, and \`filter.service\` admits none of them`);
}

/** Call this once the services are checked: an Import/Export job can have every state. */
function checkStates(filter: JobFilter): void {
  if (jobServices.some((service) => admitsService(filter, service))) return;
  throw invalid('states', `has only states that no ${serviceNames.DATA_EXCHANGE} job can have`);
}

/** Sorted and without repetitions, so that equal filters are equal texts. */
function distinct<T extends string>(member: keyof JobFilter, values: readonly T[], size: Size): readonly T[] {
  if (!fits(values.length, size)) throw invalid(member, `takes ${rangeOf(size)} values`);
  return [...new Set(values)].sort();
}

function awsIdOf(member: keyof JobFilter, value: string, subject: string): string {
  if (!isAwsId(value)) throw invalid(member, `is not the id of ${subject}`);
  return value;
}

function invalid(member: keyof JobFilter, requirement: string) {
  return invalidArgument(`filter.${member}`, requirement);
}
