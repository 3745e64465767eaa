/** What the gateway has seen of a job so far. */
import type { JobHistoryPage } from '../resolvers/job-history.ts';
import type { HistoryEntry } from '../watch/history/transition-log.ts';
import { builder } from './builder.ts';
import { JobState } from './job-state.ts';
import { reading } from './rights.ts';

const JobTransition = builder.objectRef<HistoryEntry>('JobTransition').implement({
  authScopes: reading,
  description: 'One step in the life of a job, as the gateway observed it.',
  fields: (t) => ({
    previousState: t.expose('from', {
      type: JobState,
      nullable: true,
      description:
        'The state last observed before; a state shorter than a poll may lie between. Null where the gateway saw the job for the first time.',
    }),
    state: t.expose('to', { type: JobState, description: 'The state observed.' }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      description: 'When the gateway saw it, which may be later than when it happened.',
    }),
  }),
});

const JobTransitionEdge = builder.objectRef<JobHistoryPage['edges'][number]>('JobTransitionEdge').implement({
  authScopes: reading,
  description: 'A step and its place in the history.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'What to pass as `after` to go on behind this very step.' }),
    node: t.expose('node', { type: JobTransition, description: 'The step.' }),
  }),
});

export const JobTransitionConnection = builder.objectRef<JobHistoryPage>('JobTransitionConnection').implement({
  authScopes: reading,
  description: 'One page of the history of a job.',
  fields: (t) => ({
    edges: t.expose('edges', {
      type: [JobTransitionEdge],
      description: 'The steps of this page, each with its cursor.',
    }),
    nodes: t.expose('nodes', { type: [JobTransition], description: 'The steps themselves.' }),
    pageInfo: t.expose('pageInfo', { type: builder.pageInfoRef(), description: 'How to go on from this page.' }),
  }),
});
