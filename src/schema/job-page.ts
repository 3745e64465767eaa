/** The query `jobs`: the list of all jobs, page by page. */
import { sizes } from '../model/job-input-sizes.ts';
import { type JobPage, jobs } from '../resolvers/job-page.ts';
import { builder } from './builder.ts';
import { Job, JobService } from './job.ts';
import { bothServices } from './price.ts';
import { reading } from './rights.ts';
import { sized } from './sized.ts';

export const JobFilter = builder.inputType('JobFilter', {
  description: 'Which jobs to admit. Every filter here is one the services can apply themselves.',
  fields: (t) => ({
    service: t.field({ type: JobService, required: false, description: 'Only jobs of this service.' }),
    dataSetId: t.string({
      required: false,
      description: 'Only Data Exchange jobs of this data set; AWS Import/Export is then not asked.',
    }),
  }),
});

const JobConnection = builder.connectionObject<typeof Job, JobPage, { list: false; items: false }, true>(
  {
    type: Job,
    name: 'JobConnection',
    extensions: reading,
    description: 'One page of the list of jobs.',
    edgesNullable: { list: false, items: false },
    nodeNullable: true,
    fields: (t) => ({
      unavailableServices: t.expose('unavailableServices', {
        type: [JobService],
        description:
          'Services that could not be listed: their jobs are missing from this page, and an error says why. Usually empty.',
      }),
    }),
  },
  { name: 'JobEdge', extensions: reading, description: 'A job and its place in the list.' },
);

builder.queryField('jobs', (t) =>
  t.field({
    extensions: { ...bothServices, ...reading },
    type: JobConnection,
    description:
      'Jobs of both services, newest first.\n\nPages forward only, and has no total: neither service can answer for one. Usually costs one call to each service a page.',
    args: {
      first: t.arg.int({
        defaultValue: 20,
        ...sized(sizes.page, (range) => `How many jobs to give at most, from ${range}.`),
      }),
      after: t.arg.string({
        required: false,
        description: 'The `cursor` to go on behind, under the same `filter`. Absent for the newest jobs.',
      }),
      filter: t.arg({ type: JobFilter, required: false, description: 'Which jobs to admit. Absent for all.' }),
    },
    resolve: jobs,
  }),
);
