/** Resolves the jobs of a data set and of a revision. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DataSetRef, RevisionRef } from '../model/catalog.ts';
import type { Context } from './context.ts';
import { type JobPage, type JobsArguments, jobsOf } from './job-page.ts';

export function jobsOfDataSet(
  { awsDataSetId }: DataSetRef,
  args: JobsArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<JobPage> {
  return jobsOf({ dataSetId: awsDataSetId }, args, context, info);
}

export function jobsOfRevision(
  { awsDataSetId, awsRevisionId }: RevisionRef,
  args: JobsArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<JobPage> {
  return jobsOf({ dataSetId: awsDataSetId, revisionId: awsRevisionId }, args, context, info);
}
