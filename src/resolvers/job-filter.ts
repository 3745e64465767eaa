/** Defines and checks the filter of the list of jobs and of `jobActivity`. */

import type { JobService } from '../model/job-state.ts';
import type { Maybe } from '../model/maybe.ts';
import { invalidArgument } from './failures.ts';

export interface JobFilter {
  readonly service?: Maybe<JobService>;
  readonly dataSetId?: Maybe<string>;
}

/** The shape of every Data Exchange id; the pattern of its model has no anchors. */
const dataSetIdShape = /^[a-zA-Z0-9]{30,40}$/;

/** Throws for a filter that no job can match: a stream would wait forever, and a list would waste calls. */
export function checkFilter(filter: Maybe<JobFilter>): void {
  if (filter?.dataSetId == null || dataSetIdShape.test(filter.dataSetId)) return;
  throw invalidArgument('filter.dataSetId', 'is not the id of a data set');
}

/** The services that can have jobs which match `filter`: only Data Exchange jobs have a data set. */
export function servicesOf(filter: Maybe<JobFilter>): readonly JobService[] {
  const services: readonly JobService[] =
    filter?.dataSetId != null ? ['DATA_EXCHANGE'] : ['IMPORT_EXPORT', 'DATA_EXCHANGE'];
  return services.filter((service) => filter?.service == null || filter.service === service);
}
