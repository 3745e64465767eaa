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
import { JobFilter } from './job-page.ts';
import { JobState } from './job-state.ts';
import { endlessWatch, oneCall } from './price.ts';
import { reading } from './rights.ts';
import { sized } from './sized.ts';

const JobEvent = builder.interfaceRef<events.JobEvent>('JobEvent').implement({
  extensions: reading,
  description: 'What a stream brings. What ends a stream is no event but an error.',
  resolveType: jobEventTypeName,
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Opaque position in the stream, for `after`.' }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      description: 'When the gateway saw it, which may be later than when it happened.',
    }),
  }),
});

builder.objectRef<events.JobStateChange>('JobStateChange').implement({
  extensions: reading,
  description: "A job's state when a stream begins to tell of it, or a change of it, as the gateway observed it.",
  interfaces: [JobEvent],
  fields: (t) => ({
    job: t.field({
      type: Job,
      description: 'The job as it was then. What the event does not carry is read afresh.',
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
      description: 'Whether the service is not known to make such a step: backwards, or into an unknown state.',
    }),
  }),
});

builder.objectRef<events.EventOf<events.Gone>>('JobGone').implement({
  extensions: reading,
  description:
    'The service has the job no longer, or never had it. Nothing more comes of this job; the stream goes on for the others.',
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
    'What was observed after the last cursor can no longer be told. `jobStateChanged` goes on with the present state of its jobs; whoever follows `jobActivity` lists the jobs anew.',
  interfaces: [JobEvent],
});

const JobsStale = builder.objectRef<events.EventOf<events.JobsStale>>('JobsStale').implement({
  extensions: reading,
  description:
    'What was told of these jobs may be old: three readings in a row have failed, or the service has asked to be left alone for longer than three of the longest intervals and a minute. Told to whoever begins to watch meanwhile as well. Exactly one `JobsFresh` follows in the same stream once the jobs are read well or bring nothing more.\n\nEach subscription begins as if all were fresh, also one that goes on from a cursor: what is stale is told anew.',
  interfaces: [JobEvent],
  fields: (t) => ({
    since: t.expose('since', {
      type: 'DateTime',
      description:
        'When the one of them that was read least recently was last read well, or began to be watched if it never was.',
    }),
  }),
});

const JobsFresh = builder.objectRef<events.EventOf<events.JobsFresh>>('JobsFresh').implement({
  extensions: reading,
  description:
    'The jobs of an earlier `JobsStale` are read again, or bring nothing more. Told once for each `JobsStale`, even where no state has changed; changes are told beside it.',
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
  'The last `cursor` received, to be told only what was observed since. Absent to begin with the present.';

builder.subscriptionFields((t) => ({
  jobStateChanged: t.field({
    extensions: { ...oneCall, ...reading },
    type: JobEvent,
    description:
      'State changes of the given jobs.\n\nThe first event for each job carries its present state and a null `previousState`. After a lost connection, pass the last `cursor` as `after`: nothing observed meanwhile is lost or repeated. The stream completes once every job is finished. A job that its service does not have is told by a `JobGone`; the others go on.',
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
      'State changes of every job the filter admits, and the appearance of new ones, for boards that show all that is going on. It does not complete.',
    args: {
      filter: t.arg({ type: JobFilter, required: false, description: 'Which jobs to admit. Absent for all.' }),
      after: t.arg.string({ required: false, description: afterDescription }),
    },
    subscribe: watchActivity,
    resolve: jobEvent,
  }),
}));
