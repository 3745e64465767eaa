/** Which jobs a list or a stream of activity admits. */
import type { JobService } from '../model/job.ts';
import type { Maybe } from '../model/job-request.ts';

export interface JobFilter {
  readonly service?: Maybe<JobService>;
  readonly dataSetId?: Maybe<string>;
}

/** The services that can have jobs which `filter` admits: only Data Exchange jobs have a data set. */
export function servicesOf(filter: Maybe<JobFilter>): readonly JobService[] {
  const services: readonly JobService[] =
    filter?.dataSetId != null ? ['DATA_EXCHANGE'] : ['IMPORT_EXPORT', 'DATA_EXCHANGE'];
  return services.filter((service) => filter?.service == null || filter.service === service);
}
