/** The types of events, and the two subscriptions. */
import { sizes } from '../model/job-input-sizes.ts';
import {
  eventJob,
  goneAwsJobId,
  goneId,
  goneService,
  jobEvent,
  jobEventTypeName,
  jobIds,
  watchActivity,
  watchJobs,
} from '../resolvers/job-event.ts';
import type * as events from '../watch/streams/events.ts';
import { builder } from './builder.ts';
import { Job, JobService } from './job.ts';
import { JobFilter } from './job-filter.ts';
import { JobState } from './job-state.ts';
import { endlessWatch, oneCall } from './price.ts';
import { reading } from './rights.ts';
import { sized } from './sized.ts';

const JobEvent = builder.interfaceRef<events.JobEvent>('JobEvent').implement({
  extensions: reading,
  description:
    'One message of a subscription. A stream that ends early ends with an error, or with its connection: no event says so.',
  resolveType: jobEventTypeName,
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description: 'The place of this event in the stream, opaque. `after` takes it.',
    }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      description: 'When the gateway observed it, which may be later than when it happened.',
    }),
  }),
});

builder.objectRef<events.JobStateChange>('JobStateChange').implement({
  extensions: reading,
  description: 'The state of a job when the stream begins, or a change of its state, as the gateway observed it.',
  interfaces: [JobEvent],
  fields: (t) => ({
    job: t.field({
      type: Job,
      description: 'The job as it was then. Fields that the gateway did not observe cost one read.',
      resolve: eventJob,
    }),
    previousState: t.expose('previousState', {
      type: JobState,
      nullable: true,
      description:
        'The state last observed before. A state that was shorter than the time between two polls may lie between. Null for the first event about a job.',
    }),
    state: t.expose('state', { type: JobState, description: 'The state observed.' }),
    isAnomalous: t.exposeBoolean('isAnomalous', {
      description: 'True for a step that the service is not known to make: backwards, or into an unknown state.',
    }),
  }),
});

builder.objectRef<events.EventOf<events.Gone>>('JobGone').implement({
  extensions: reading,
  description:
    'The service no longer has the job, or never had it. This is the last event about the job; the others go on.',
  interfaces: [JobEvent],
  fields: (t) => ({
    id: t.id({ description: 'The `id` of the job.', resolve: goneId }),
    awsJobId: t.string({
      description: 'The id that the service gave the job.',
      resolve: goneAwsJobId,
    }),
    service: t.field({
      type: JobService,
      description: 'The service that was asked for the job.',
      resolve: goneService,
    }),
  }),
});

builder.objectRef<events.EventOf<events.EventsMissed>>('JobEventsMissed').implement({
  extensions: reading,
  description:
    'Events after the given cursor are no longer available. `jobStateChanged` continues with the current state of its jobs; a client of `jobActivity` should list the jobs again.',
  interfaces: [JobEvent],
});

const JobsStale = builder.objectRef<events.EventOf<events.JobsStale>>('JobsStale').implement({
  extensions: reading,
  description:
    'The last events of these jobs may be out of date: three reads in a row have failed, or the service has asked for a pause that is longer than a minute and than three of the longest polling intervals. Clients that subscribe meanwhile receive it too. Exactly one `JobsFresh` follows in the same stream, once the jobs are read again or have no further events.\n\nEach subscription begins with all jobs fresh, also one that resumes from a cursor: it receives this event for those that are not.',
  interfaces: [JobEvent],
  fields: (t) => ({
    since: t.expose('since', {
      type: 'DateTime',
      description:
        'The time of the last successful read of the job that was read least recently; if it was never read, when watching it began.',
    }),
  }),
});

const JobsFresh = builder.objectRef<events.EventOf<events.JobsFresh>>('JobsFresh').implement({
  extensions: reading,
  description:
    'The jobs of an earlier `JobsStale` are read again, or have no further events. Sent once for each `JobsStale`, even if no state has changed; changes of state are events of their own.',
  interfaces: [JobEvent],
});

/** Declares which jobs of which service became stale or fresh. */
function declareJobs(event: typeof JobsFresh | typeof JobsStale, idsDescription: string): void {
  builder.objectFields(event, (t) => ({
    service: t.expose('service', { type: JobService, description: 'The service whose jobs they are.' }),
    ids: t.field({ type: ['ID'], nullable: true, description: idsDescription, resolve: jobIds }),
  }));
}

declareJobs(
  JobsStale,
  'The ids of the jobs, none of which is stale in this stream by another `JobsStale`. Null for every job of the service that the stream watches; on `jobActivity`, where new jobs may be missing as well, always.',
);
declareJobs(JobsFresh, 'The `ids` of that `JobsStale`.');

const afterDescription =
  'The last `cursor` received: the stream continues with what was observed after it. Absent or null to begin with the current state.';

builder.subscriptionFields((t) => ({
  jobStateChanged: t.field({
    extensions: { ...oneCall, ...reading },
    type: JobEvent,
    description:
      'Changes of the state of these jobs. Counts one point for each of `ids`.\n\nThe first event about each job has its current state, and null as `previousState`. After a lost connection, pass the last `cursor` as `after`: nothing observed meanwhile is lost or repeated. `ids` may differ from those of the cursor: an added job begins with its current state. The stream completes once every job is finished. A job that its service does not have brings a `JobGone`, and the others go on.',
    args: {
      ids: t.arg.idList(sized(sizes.watchedJobs, (range) => `The \`id\`s of ${range} jobs of either service.`)),
      after: t.arg.string({ required: false, description: afterDescription }),
    },
    subscribe: watchJobs,
    resolve: jobEvent,
  }),
  jobActivity: t.field({
    extensions: { ...endlessWatch, ...reading },
    type: JobEvent,
    description:
      'New jobs, and changes of the state of all jobs that the filter admits, for boards. It does not complete. Counts 20 points, with or without a filter.\n\nWith `filter.states` a change is delivered if the state before it or the state after it is one of them.',
    args: {
      filter: t.arg({ type: JobFilter, required: false, description: 'Which jobs to admit. Absent for all.' }),
      after: t.arg.string({
        required: false,
        description: `${afterDescription} The \`activityCursor\` of a list goes on from that list. The filter may be another.`,
      }),
    },
    subscribe: watchActivity,
    resolve: jobEvent,
  }),
}));
