/** Resolves `node` and `nodes`, many at once, each with its own error. */

import { hasScope, type Scope } from '../identity/caller.ts';
import type { CatalogEntry } from '../model/catalog.ts';
import type { Job } from '../model/job.ts';
import { fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { JobRef } from '../model/job-state.ts';
import { type CatalogRef, catalogRefFrom } from './catalog-id.ts';
import { catalogEntry } from './catalog-links.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';
import { forbidden } from './forbidden.ts';
import { jobRefFrom } from './global-id.ts';
import { existingJob, jobTypeName } from './job.ts';

export type Node = CatalogEntry | Job;

/** What a global id names. */
export type NodeRef = CatalogRef | JobRef;

/** The node with this `id`; null if there is none. Throws for a malformed id. */
export function node(_parent: unknown, { id }: { id: string }, context: Context): Promise<Node | null> {
  return nodeOf('id', id, context);
}

/** The nodes with these `ids`, in order. A promise that rejects makes only its own entry null. */
export function nodes(_parent: unknown, { ids }: { ids: readonly string[] }, context: Context): Promise<Node | null>[] {
  if (!fits(ids.length, sizes.nodes)) throw invalidArgument('ids', `takes ${rangeOf(sizes.nodes)} ids`);
  return ids.map((id, index) => nodeOf(`ids[${index}]`, id, context));
}

async function nodeOf(argument: string, id: string, context: Context): Promise<Node | null> {
  const ref = nodeRefFrom(id);
  if (ref === undefined) throw invalidArgument(argument, 'is not an id of this API');
  return existingNode(ref, context);
}

/** What `id` names; undefined if this API cannot have made it. */
export function nodeRefFrom(id: string): NodeRef | undefined {
  return jobRefFrom(id) ?? catalogRefFrom(id);
}

/**
 * Null if there is no such node. Rejects if the caller lacks the scope for nodes of its type. An id says what it names, so
 * that this refusal reveals nothing of what exists.
 */
export async function existingNode(ref: NodeRef, context: Context): Promise<Node | null> {
  if ('service' in ref) {
    assertScope('jobs:read', context);
    return existingJob(ref, context);
  }
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
