/** The field `jobs` of a data set and of a revision. */
import { builder } from '../builder.ts';
import { JobFilter } from '../job-filter.ts';
import { JobConnection } from '../job-page.ts';
import { filteredJobs, oneCall } from '../price.ts';
import { reading } from '../rights.ts';
import { pageSize } from '../sized.ts';

const jobsArguments = builder.args((t) => ({
  first: t.int(pageSize('jobs')),
  after: t.string({
    required: false,
    description: 'The `cursor` to go on behind, under the same `filter`. Absent for the newest.',
  }),
  filter: t.field({ type: JobFilter, required: false, description: 'Which jobs to admit. Absent for all.' }),
}));

/** The options of the jobs about `subject`, such as "this revision". `id` is the field that names it. */
export function jobsAbout(subject: string, id: 'awsDataSetId' | 'awsRevisionId') {
  return {
    extensions: { ...oneCall, ...filteredJobs, ...reading },
    type: JobConnection,
    description: `The jobs about ${subject}, newest first, as \`Query.jobs\` lists them with its \`${id}\` in the \`filter\`. Usually costs one call a page; other fields of \`filter\` cost what they cost there. Needs the scope \`jobs:read\` too.`,
    args: jobsArguments,
  } as const;
}
