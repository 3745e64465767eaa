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
  description: 'One message of a subscription. A stream that ends early ends with an error and not with an event.',
  resolveType: jobEventTypeName,
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Opaque position in the stream, for `after`.' }),
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
      description: 'The job as it was then. Fields that the event does not carry are read again.',
      resolve: eventJob,
    }),
    previousState: t.expose('previousState', {
      type: JobState,
      nullable: true,
      description:
        'The state last observed before; a state shorter than a poll may lie between. Null for the first event about a job.',
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
    'The service no longer has the job, or never had it. This is the last event about the job; the stream continues for the others.',
  interfaces: [JobEvent],
  fields: (t) => ({
    id: t.id({ description: 'The id of the job, as in `Job.id`.', resolve: goneId }),
    awsJobId: t.string({
      description: 'The identifier that the AWS service had assigned.',
      resolve: goneAwsJobId,
    }),
    service: t.field({
      type: JobService,
      description: 'The AWS service that was asked for the job.',
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
    service: t.expose('service', { type: JobService, description: 'The AWS service whose jobs they are.' }),
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
      'State changes of the given jobs.\n\nThe first event for each job carries its current state and a null `previousState`. After a lost connection, pass the last `cursor` as `after`: nothing observed meanwhile is lost or repeated. `ids` may differ from those of the cursor: an added job begins with its current state. The stream completes once every job is finished. A job that its service does not have yields a `JobGone`, and the others continue.',
    args: {
      ids: t.arg.idList(sized(sizes.watchedJobs, (range) => `From ${range} ids of jobs of either service.`)),
      after: t.arg.string({ required: false, description: afterDescription }),
    },
    subscribe: watchJobs,
    resolve: jobEvent,
  }),
  jobActivity: t.field({
    extensions: { ...endlessWatch, ...reading },
    type: JobEvent,
    description:
      'State changes of every job the filter admits, and the appearance of new ones, for boards of all jobs. It does not complete.\n\nWith `filter.states` a change is delivered if the state before it or after it is one of them. A filter costs no call.',
    args: {
      filter: t.arg({ type: JobFilter, required: false, description: 'Which jobs to admit. Absent for all.' }),
      after: t.arg.string({ required: false, description: `${afterDescription} The filter may be another.` }),
    },
    subscribe: watchActivity,
    resolve: jobEvent,
  }),
}));
