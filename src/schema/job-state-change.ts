/** What is pushed when a job changes. */
import { jobStateChange, watchActivity, watchJobs } from '../resolvers/job-state-change.ts';
import type * as events from '../watch/events.ts';
import { builder } from './builder.ts';
import { Job } from './job.ts';
import { JobFilter } from './job-page.ts';
import { JobState } from './job-state.ts';
import { reading } from './rights.ts';

const JobStateChange = builder.objectRef<events.JobStateChange>('JobStateChange').implement({
  authScopes: reading,
  description: "A change of a job's state, as the gateway observed it.",
  fields: (t) => ({
    job: t.expose('job', {
      type: Job,
      description: 'The job as it was then. What the event does not carry is read afresh.',
    }),
    previousState: t.expose('previousState', {
      type: JobState,
      nullable: true,
      description:
        'The state last observed before; a state shorter than a poll may lie between. Null for the first event about a job.',
    }),
    state: t.expose('state', { type: JobState, description: 'The state observed.' }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      description: 'When the gateway saw the change, which may be later than when it happened.',
    }),
    cursor: t.exposeString('cursor', { description: 'Opaque position in the stream, for `after`.' }),
  }),
});

const afterDescription =
  'The last `cursor` received, to be told only what was observed since. Absent to begin with the present.';

builder.subscriptionFields((t) => ({
  jobStateChanged: t.field({
    authScopes: reading,
    type: JobStateChange,
    description:
      'State changes of the given jobs.\n\nThe first event for each job carries its present state and a null `previousState`. After a lost connection, pass the last `cursor` as `after`: nothing observed meanwhile is lost or repeated. The stream completes once every job is finished. A job that its service does not have is told by an error with the code `GONE` and its `id`; the others go on.',
    args: {
      ids: t.arg.idList({ description: 'From 1 to 100 ids of jobs of either service.' }),
      after: t.arg.string({ required: false, description: afterDescription }),
    },
    subscribe: watchJobs,
    resolve: jobStateChange,
  }),
  jobActivity: t.field({
    authScopes: reading,
    type: JobStateChange,
    description:
      'State changes of every job the filter admits, and the appearance of new ones, for boards that show all that is going on. It does not complete.',
    args: {
      filter: t.arg({ type: JobFilter, required: false, description: 'Which jobs to admit. Absent for all.' }),
      after: t.arg.string({ required: false, description: afterDescription }),
    },
    subscribe: watchActivity,
    resolve: jobStateChange,
  }),
}));
