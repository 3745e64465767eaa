/** Refetching by id: many jobs at once, each answered in its own place. */

import type { Job } from '../model/job.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';
import { jobOf, jobTypeName } from './job.ts';

const maxIds = 200;

/** The jobs with these `ids`, in order. A promise that rejects empties its own place and no other. */
export function nodes(_parent: unknown, { ids }: { ids: readonly string[] }, context: Context): Promise<Job | null>[] {
  if (ids.length < 1 || ids.length > maxIds) throw invalidArgument('ids', `takes 1 to ${maxIds} ids`);
  return ids.map((id, index) => jobOf(`ids[${index}]`, id, context));
}

/** The GraphQL type of a node. So far every node is a job. */
export function nodeTypeName(node: unknown): string | undefined {
  return isJob(node) ? jobTypeName(node) : undefined;
}

function isJob(node: unknown): node is Job {
  return typeof node === 'object' && node !== null && 'service' in node && 'awsJobId' in node;
}
