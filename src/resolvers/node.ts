/** Resolves `node` and `nodes`, many at once, each with its own error. */

import { hasScope, type Scope } from '../identity/caller.ts';
import type { CatalogEntry } from '../model/catalog.ts';
import type { Job } from '../model/job.ts';
import { fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import { catalogRefFrom } from './catalog-id.ts';
import { catalogEntry } from './catalog-links.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';
import { forbidden } from './forbidden.ts';
import { jobRefFrom } from './global-id.ts';
import { existingJob, jobTypeName } from './job.ts';

type Node = CatalogEntry | Job;

/** The node with this `id`; null if there is none. Throws for a malformed id. */
export function node(_parent: unknown, { id }: { id: string }, context: Context): Promise<Node | null> {
  return nodeOf('id', id, context);
}

/** The nodes with these `ids`, in order. A promise that rejects makes only its own entry null. */
export function nodes(_parent: unknown, { ids }: { ids: readonly string[] }, context: Context): Promise<Node | null>[] {
  if (!fits(ids.length, sizes.nodes)) throw invalidArgument('ids', `takes ${rangeOf(sizes.nodes)} ids`);
  return ids.map((id, index) => nodeOf(`ids[${index}]`, id, context));
}

/** An id says what it names, so that a refusal reveals nothing of what exists. */
async function nodeOf(argument: string, id: string, context: Context): Promise<Node | null> {
  const job = jobRefFrom(id);
  if (job !== undefined) {
    assertScope('jobs:read', context);
    return existingJob(job, context);
  }
  const ref = catalogRefFrom(id);
  if (ref === undefined) throw invalidArgument(argument, 'is not an id of this API');
  assertScope('catalog:read', context);
  return catalogEntry(ref, context);
}

function assertScope(scope: Scope, { caller }: Context): void {
  if (!hasScope(caller, scope)) throw forbidden(scope);
}

/** The GraphQL type of a node. */
export function nodeTypeName(value: unknown): string | undefined {
  if (isJob(value)) return jobTypeName(value);
  return isCatalogEntry(value) ? value.kind : undefined;
}

function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'service' in value && 'awsJobId' in value;
}

function isCatalogEntry(value: unknown): value is CatalogEntry {
  return typeof value === 'object' && value !== null && 'kind' in value && 'awsDataSetId' in value;
}
