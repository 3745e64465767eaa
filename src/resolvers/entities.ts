/** Resolves `_entities`, by which the router of a federated graph reads what other subgraphs know by its id. */
import { rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';
import { jobTypeNames } from './global-id.ts';
import { existingNode, type Node, type NodeRef, nodeRefFrom } from './node.ts';

/** The types that a representation may have. A subgraph that extends `Job` as an interface object knows no other type. */
export const entityTypeNames = ['Asset', 'DataExchangeJob', 'DataSet', 'ImportExportJob', 'Job', 'Revision'] as const;

type EntityTypeName = (typeof entityTypeNames)[number];

/**
 * The entities of these `representations`, in order; null for one that does not exist. A promise that rejects makes only
 * its own entry null, also that of a representation beyond the most that are read.
 */
export function entities(
  _parent: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  context: Context,
): Promise<Node | null>[] {
  const { length } = representations;
  const tooMany = `is one of too many: expected ${rangeOf(sizes.representations)} representations, received ${length}`;
  return representations.map(async (representation, index) => {
    const argument = `representations[${index}]`;
    if (index >= sizes.representations.max) throw invalidArgument(argument, tooMany);
    return entityOf(argument, representation, context);
  });
}

async function entityOf(argument: string, representation: unknown, context: Context): Promise<Node | null> {
  const typeName = typeNameIn(representation, argument);
  const id = memberOf(representation, 'id');
  if (typeof id !== 'string')
    throw invalidArgument(`${argument}.id`, `must be a string, an id of the type ${typeName}`);
  const ref = nodeRefFrom(id);
  if (ref === undefined || !isOf(typeName, ref))
    throw invalidArgument(`${argument}.id`, `is not an id of the type ${typeName}`);
  return existingNode(ref, context);
}

function typeNameIn(representation: unknown, argument: string): EntityTypeName {
  const received = memberOf(representation, '__typename');
  const typeName = entityTypeNames.find((name) => name === received);
  if (typeName !== undefined) return typeName;
  const expected = `expected one of ${entityTypeNames.join(', ')}, received ${shown(received)}`;
  throw invalidArgument(`${argument}.__typename`, `is not the name of an entity: ${expected}`);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The name of a type. Any other value may be a secret in the wrong place. */
function shown(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' && /^[A-Za-z]\w{0,63}$/.test(value) ? value : 'another value';
}

function isOf(typeName: EntityTypeName, ref: NodeRef): boolean {
  if (!('service' in ref)) return ref.kind === typeName;
  return typeName === 'Job' || typeName === jobTypeNames[ref.service];
}
