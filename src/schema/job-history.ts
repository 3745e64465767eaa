/** The types of the history of a job, as the gateway has observed it. */
import { type Connection, nodesOf } from '../resolvers/connection.ts';
import type { HistoryEntry } from '../watch/history/transition-log.ts';
import { builder } from './builder.ts';
import { JobState } from './job-state.ts';
import { reading } from './rights.ts';

const JobTransition = builder.objectRef<HistoryEntry>('JobTransition').implement({
  extensions: reading,
  description: 'One step in the life of a job, as the gateway observed it.',
  fields: (t) => ({
    previousState: t.expose('from', {
      type: JobState,
      nullable: true,
      description:
        'The state last observed before. A state that was shorter than the time between two polls may lie between. Null where the gateway observed the job for the first time.',
    }),
    state: t.expose('to', { type: JobState, description: 'The state observed.' }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      description: 'When the gateway observed it, which may be later than when it happened.',
    }),
  }),
});

export const JobTransitionConnection = builder.connectionObject<
  typeof JobTransition,
  Connection<HistoryEntry>,
  { list: false; items: false },
  false
>(
  {
    type: JobTransition,
    name: 'JobTransitionConnection',
    extensions: reading,
    description: 'One page of the history of a job.',
    edgesNullable: { list: false, items: false },
    nodeNullable: false,
    edgesField: { description: 'The steps of this page, each with its cursor.' },
    fields: (t) => ({
      nodes: t.field({ type: [JobTransition], description: 'The steps themselves.', resolve: nodesOf }),
    }),
  },
  {
    name: 'JobTransitionEdge',
    extensions: reading,
    description: 'A step and its place in the history.',
    nodeField: { description: 'The step.' },
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'What to pass as `after` to go on behind this very step.' }),
    }),
  },
);
