/** Resolves `nodes`, many jobs at once, each with its own error. */

import type { Job } from '../model/job.ts';
import { fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';
import { jobOf, jobTypeName } from './job.ts';

/** The jobs with these `ids`, in order. A promise that rejects makes only its own entry null. */
export function nodes(_parent: unknown, { ids }: { ids: readonly string[] }, context: Context): Promise<Job | null>[] {
  if (!fits(ids.length, sizes.nodes)) throw invalidArgument('ids', `takes ${rangeOf(sizes.nodes)} ids`);
  return ids.map((id, index) => jobOf(`ids[${index}]`, id, context));
}

/** The GraphQL type of a node. So far every node is a job. */
export function nodeTypeName(node: unknown): string | undefined {
  return isJob(node) ? jobTypeName(node) : undefined;
}

function isJob(node: unknown): node is Job {
  return typeof node === 'object' && node !== null && 'service' in node && 'awsJobId' in node;
}
