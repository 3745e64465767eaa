/** The resolvers of Yoga, Apollo Server and mercurius, with a DataLoader per request. */
import DataLoader from 'dataloader';
import { createExport, type ExportInput, type Job, listJobs, readJob } from './jobs.ts';

export interface Context {
  readonly jobs: DataLoader<string, Job | null>;
}

/** Data Exchange has no operation for reading several jobs by id. */
export function createContext(): Context {
  return { jobs: new DataLoader((ids: readonly string[]) => Promise.all(ids.map(readJob))) };
}

interface ListArgs {
  readonly first: number;
  readonly filter?: { readonly service?: Job['service'] | null } | null;
}

interface CreateArgs {
  readonly input: { readonly details: { readonly exportAssetsToS3?: ExportInput | null } };
}

function readOne(_parent: unknown, { id }: { readonly id: string }, { jobs }: Context): Promise<Job | null> {
  return jobs.load(id);
}

function readMany(_parent: unknown, { ids }: { readonly ids: readonly string[] }, { jobs }: Context) {
  return jobs.loadMany(ids);
}

async function list(_parent: unknown, { first, filter }: ListArgs) {
  return { nodes: await listJobs(first, filter?.service) };
}

async function create(_parent: unknown, { input }: CreateArgs) {
  const { exportAssetsToS3 } = input.details;
  if (!exportAssetsToS3) return { job: null, userErrors: [{ message: 'expected exportAssetsToS3, received none' }] };
  return { job: await createExport(exportAssetsToS3), userErrors: [] };
}

const resolveType = ({ __typename }: Job): string => __typename;

export const resolvers = {
  Query: { job: readOne, node: readOne, nodes: readMany, jobs: list },
  Mutation: { createDataExchangeJob: create },
  Node: { __resolveType: resolveType },
  Job: { __resolveType: resolveType },
};
