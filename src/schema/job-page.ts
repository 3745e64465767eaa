/** The query `jobs`: the list of all jobs, page by page. */
import {
  activityCursor,
  type JobPage,
  jobs,
  type UnavailableService as UnavailableServiceShape,
} from '../resolvers/job-page.ts';
import { maxWalkCalls } from '../resolvers/walk-budget.ts';
import { builder } from './builder.ts';
import { Job, JobService } from './job.ts';
import { JobFilter } from './job-filter.ts';
import { bothServices, filteredJobs } from './price.ts';
import { reading } from './rights.ts';
import { pageSize } from './sized.ts';

export const UnavailableService = builder.objectRef<UnavailableServiceShape>('UnavailableService').implement({
  extensions: reading,
  description: 'A service that could not be asked, or that gave no clear answer, and why.',
  fields: (t) => ({
    service: t.expose('service', { type: JobService, description: 'Which service it is.' }),
    code: t.exposeString('code', {
      description:
        'What a program should decide by: a code as in `extensions.code` of an error, such as `UPSTREAM_UNAVAILABLE`, `UPSTREAM_THROTTLED` or `ACCESS_DENIED`.',
    }),
    message: t.exposeString('message', { description: 'A sentence for a person to read. Its wording may change.' }),
    retryAfterMs: t.exposeInt('retryAfterMs', {
      nullable: true,
      description:
        'How many milliseconds to wait before asking again, five minutes at most. Null if that is not known: wait a moment, and longer each time.',
    }),
  }),
});

export const JobConnection = builder.connectionObject<typeof Job, JobPage, { list: false; items: false }, true>(
  {
    type: Job,
    name: 'JobConnection',
    extensions: reading,
    description: 'One page of the list of jobs.',
    edgesNullable: { list: false, items: false },
    nodeNullable: true,
    fields: (t) => ({
      activityCursor: t.string({
        nullable: true,
        description:
          'The place in the stream `jobActivity` as of when this page was begun. Passed as `after`, under any filter, within the hour, it makes the stream bring what was observed since: each job that was created since, and each change, also one that came while the page was read. So nothing is lost between the list and the stream, and what this page shows already may come again. Of several pages take the first one. Null if the gateway cannot reach its log of changes now, and within an event of a subscription. Costs no call.',
        resolve: activityCursor,
      }),
      unavailableServices: t.expose('unavailableServices', {
        type: [UnavailableService],
        description:
          'Services that could not be listed, so that their jobs are missing from this page. Usually empty. No error stands beside it, even if no service could be listed. `hasNextPage` counts only the jobs of the other service, so a loop over pages ends. No job is lost: each cursor keeps the place of a missing service. Once that may answer again, pass `endCursor` as `after`, even where `hasNextPage` is false; its jobs then come on later pages, even those that are newer.',
      }),
    }),
  },
  { name: 'JobEdge', extensions: reading, description: 'A job and its place in the list.' },
);

builder.queryField('jobs', (t) =>
  t.field({
    extensions: { ...bothServices, ...filteredJobs, ...reading },
    type: JobConnection,
    description: `The jobs of both services, newest first. Usually costs one call to each service a page; fields of AWS Import/Export jobs may cost further ones, as \`Job\` says.\n\nAWS can be asked only for \`service\`, \`dataSetId\` and \`revisionId\` of \`filter\`. With another of its fields the gateway looks through the lists, newest first, by at most ${maxWalkCalls} calls a page beside the first of each service, and these count as points. A page may then have fewer jobs than \`first\`, or none, while \`hasNextPage\` is true: go on from \`endCursor\`. No job is left out, and the order holds over all pages.`,
    args: {
      first: t.arg.int(pageSize('jobs')),
      after: t.arg.string({
        required: false,
        description: 'The `cursor` to go on behind, under the same `filter`, dates included. Absent for the newest.',
      }),
      filter: t.arg({ type: JobFilter, required: false, description: 'Which jobs to admit. Absent for all.' }),
    },
    resolve: jobs,
  }),
);
