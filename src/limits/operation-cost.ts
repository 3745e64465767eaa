/**
 * What does an operation cost? A point is a call that it may cause at AWS, taken at its worst: no page is shorter than asked
 * for, nothing is answered from memory, and each job is of the dearest type that the operation asks about.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { GivenValues, type Variables } from './given-values.ts';
import { fragmentsOf, type SelectionVisitor, walkSelections } from './selections.ts';

export interface PricedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  /** As the client sent them. */
  readonly variables?: Variables | null | undefined;
}

/**
 * The points of the operation that is to be run, at least 1; undefined if the document does not say which that is. Takes any
 * document; one of more than `maxNodes` expanded selections costs `Infinity`.
 */
export function costOf(priced: PricedOperation, maxNodes: number): number | undefined {
  const operation = getOperationAST(priced.document, priced.operationName);
  if (operation == null) return undefined;
  const type = priced.schema.getRootType(operation.operation) ?? undefined;
  const root = new Level(undefined, anyType);
  const levels = [root];
  const visit = pricer(priced, operation, maxNodes, levels);
  const place: Place = { type, level: root, concrete: anyType, times: 1 };
  if (!walkSelections(operation.selectionSet, place, fragmentsOf(priced.document), visit)) return Infinity;
  // Each level comes after the one around it, so that from the last to the first each is complete when it is added.
  for (const level of levels.toReversed()) level.addToOuter();
  return Math.max(1, root.total);
}

const anyType = '';

/** The points of one object's fields: those of every type, and those of each type that it may turn out to be. */
class Level {
  readonly #outer: Level | undefined;
  readonly #concrete: string;
  readonly #points = new Map<string, number>();
  readonly #fields = new Map<string, Level>();

  /** `concrete` is the type that the object `outer` is if this level is asked for. */
  constructor(outer: Level | undefined, concrete: string) {
    this.#outer = outer;
    this.#concrete = concrete;
  }

  get total(): number {
    const common = this.#points.get(anyType) ?? 0;
    return common + Math.max(0, ...[...this.#points].flatMap(([type, points]) => (type === anyType ? [] : points)));
  }

  /** What lies in the field of this name in the response, which several selections may ask for; told whether it is the first. */
  within(concrete: string, name: string): { readonly level: Level; readonly isNew: boolean } {
    const key = `${concrete}.${name}`;
    const known = this.#fields.get(key);
    const level = known ?? new Level(this, concrete);
    this.#fields.set(key, level);
    return { level, isNew: known === undefined };
  }

  add(concrete: string, points: number): void {
    this.#points.set(concrete, (this.#points.get(concrete) ?? 0) + points);
  }

  addToOuter(): void {
    this.#outer?.add(this.#concrete, this.total);
  }
}

interface Place {
  readonly type: GraphQLCompositeType | undefined;
  readonly level: Level;
  /** The object type that a fragment around this place is for. */
  readonly concrete: string;
  /** How many objects there are here. */
  readonly times: number;
}

function pricer(
  { schema, variables }: PricedOperation,
  operation: OperationDefinitionNode,
  maxNodes: number,
  levels: Level[],
): SelectionVisitor<Place> {
  let visited = 0;
  const given = new GivenValues(operation, variables ?? {});
  return (selection, place, condition) => {
    visited += 1;
    if (visited > maxNodes) return 'stop';
    if (given.leavesOut(selection)) return 'skip';
    if (selection.kind === Kind.FIELD) return pricedField(selection, place, given, levels);
    const type = condition && schema.getType(condition.name.value);
    if (!isCompositeType(type)) return place;
    return { ...place, type, concrete: isObjectType(type) ? type.name : place.concrete };
  };
}

function pricedField(node: FieldNode, place: Place, given: GivenValues, levels: Level[]): Place | 'skip' {
  const { type, level, concrete, times } = place;
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  if (field === undefined || type === undefined) return 'skip';
  const inner = getNamedType(field.type);
  const timesWithin = times * given.countOf(node, field);
  const { level: levelWithin, isNew } = level.within(concrete, (node.alias ?? node.name).value);
  if (isNew) {
    const own = priceOf(field) * given.idCountOf(node, field) * times;
    level.add(concrete, own + (hasId(inner) ? timesWithin : 0));
    levels.push(levelWithin);
  }
  if (!isCompositeType(inner)) return 'skip';
  return { type: inner, level: levelWithin, concrete: anyType, times: timesWithin };
}

/** What a field says it costs by itself, in its `extensions` in `schema/`. */
export function priceOf({ extensions }: { readonly extensions: Readonly<Record<string, unknown>> }): number {
  return typeof extensions['price'] === 'number' ? extensions['price'] : 0;
}

function hasId(type: unknown): boolean {
  if (isObjectType(type)) return type.getInterfaces().some(({ name }) => name === 'Node');
  return isInterfaceType(type) && (type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node'));
}
