import { type Cache, cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { graphcacheKeys, possibleTypes } from 'waybill-client/cache';
import { placeOf } from '../newest-first';
import { first, type Job, type JobEvent, jobsDocument } from './documents';

export const cache = cacheExchange({
  // Which types have no id, and which are behind each interface.
  keys: graphcacheKeys,
  possibleTypes,
  // An `id` is unique among all objects: the key of a job needs no type.
  globalIDs: true,
  resolvers: { Query: { jobs: relayPagination() } },
  updates: {
    Subscription: {
      // The cache has changed the jobs that it knows by then. What is left is the list.
      jobActivity({ jobActivity: event }: { jobActivity: JobEvent }, _args, cache) {
        if (event.__typename === 'JobStateChange') show(cache, event.job);
        if (event.__typename === 'JobGone') hide(cache, event.id);
        if (event.__typename === 'JobEventsMissed')
          for (const { fieldKey } of pagesIn(cache)) cache.invalidate('Query', fieldKey);
      },
    },
  },
});

function pagesIn(cache: Cache) {
  return cache.inspectFields('Query').filter(({ fieldName }) => fieldName === 'jobs');
}

function show(cache: Cache, job: Job) {
  cache.updateQuery({ query: jobsDocument, variables: { first } }, (data) => {
    if (!data || data.jobs.nodes.some((node) => node?.id === job.id)) return null;
    const { nodes, pageInfo } = data.jobs;
    const place = placeOf(job, nodes, pageInfo.hasNextPage);
    if (place === undefined) return null;
    return { ...data, jobs: { ...data.jobs, nodes: nodes.toSpliced(place, 0, job) } };
  });
}

function hide(cache: Cache, id: string) {
  for (const { fieldKey } of pagesIn(cache)) {
    const page = cache.resolve('Query', fieldKey) as string;
    const nodes = cache.resolve(page, 'nodes') as (string | null)[];
    cache.link(
      page,
      'nodes',
      nodes.filter((key) => key !== id),
    );
  }
}
