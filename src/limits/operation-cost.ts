/**
 * Estimates the cost of an operation. One point is one call that it may cause at AWS in the worst case: every page is
 * full, no read is shared, and each job is of the most expensive type that the operation selects.
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
  isUnionType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { ArgumentValues, type Field, type Variables } from './argument-values.ts';
import { fragmentsOf, type SelectionVisitor, walkSelections } from './selections.ts';

export interface PricedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  /** As the client sent them. */
  readonly variables?: Variables | null | undefined;
}

/**
 * The points of the operation to run, at least 1; undefined if the document does not determine which operation to run.
 * Accepts any document; one of more than `maxNodes` expanded selections costs `Infinity`.
 */
export function costOf(priced: PricedOperation, maxNodes: number): number | undefined {
  const operation = getOperationAST(priced.document, priced.operationName);
  if (operation == null) return undefined;
  const type = priced.schema.getRootType(operation.operation) ?? undefined;
  const root = new Level(undefined, anyType);
  const levels = [root];
  const visit = pricer(priced, operation, maxNodes, levels);
  const state: PricingState = { type, level: root, concrete: anyType, objectCount: 1 };
  if (!walkSelections(operation.selectionSet, state, fragmentsOf(priced.document), visit)) return Infinity;
  // Each level comes after its outer level, so in reverse order each is complete when it is added.
  for (const level of levels.toReversed()) level.addToOuter();
  return Math.max(1, root.total);
}

const anyType = '';

/** The points of one object's fields: those common to all types, and those of each type that the object may have. */
class Level {
  readonly #outer: Level | undefined;
  readonly #concrete: string;
  readonly #points = new Map<string, number>();
  readonly #fields = new Map<string, Level>();

  /** `concrete` is the type that the object of `outer` has if the level applies. */
  constructor(outer: Level | undefined, concrete: string) {
    this.#outer = outer;
    this.#concrete = concrete;
  }

  get total(): number {
    const common = this.#points.get(anyType) ?? 0;
    return common + Math.max(0, ...[...this.#points].flatMap(([type, points]) => (type === anyType ? [] : points)));
  }

  /**
   * The level of the field with this response name, which several selections may share; `isNew` for the first of them.
   */
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

interface PricingState {
  readonly type: GraphQLCompositeType | undefined;
  readonly level: Level;
  /** The object type of the enclosing fragment. */
  readonly concrete: string;
  /** The number of objects at this level. */
  readonly objectCount: number;
}

function pricer(
  { schema, variables }: PricedOperation,
  operation: OperationDefinitionNode,
  maxNodes: number,
  levels: Level[],
): SelectionVisitor<PricingState> {
  let visited = 0;
  const values = new ArgumentValues(operation, variables ?? {});
  return (selection, state, condition) => {
    visited += 1;
    if (visited > maxNodes) return 'stop';
    if (values.leavesOut(selection)) return 'skip';
    if (selection.kind === Kind.FIELD) return pricedField(selection, state, values, levels);
    const type = condition && schema.getType(condition.name.value);
    if (!isCompositeType(type)) return state;
    return { ...state, type, concrete: isObjectType(type) ? type.name : state.concrete };
  };
}

function pricedField(
  node: FieldNode,
  state: PricingState,
  values: ArgumentValues,
  levels: Level[],
): PricingState | 'skip' {
  const { type, level, concrete, objectCount } = state;
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  if (field === undefined || type === undefined) return 'skip';
  const inner = getNamedType(field.type);
  const innerCount = objectCount * values.countOf(node, field) * itemsOf(field);
  const { level: levelWithin, isNew } = level.within(concrete, (node.alias ?? node.name).value);
  if (isNew) {
    const own = (priceOf(field) * values.idCountOf(node, field) + filterPriceOf(node, field, values)) * objectCount;
    level.add(concrete, own + (hasId(inner) ? innerCount : 0));
    levels.push(levelWithin);
  }
  if (!isCompositeType(inner)) return 'skip';
  return { type: inner, level: levelWithin, concrete: anyType, objectCount: innerCount };
}

/** The price of a field, from its `extensions` in `schema/`. */
export function priceOf({ extensions }: { readonly extensions: Readonly<Record<string, unknown>> }): number {
  return typeof extensions['price'] === 'number' ? extensions['price'] : 0;
}

/** What a field costs more if its argument `filter` has one of certain members. */
function filterPriceOf(node: FieldNode, { extensions }: Field, values: ArgumentValues): number {
  const { points, members } = (extensions['filterPrice'] ?? noFilter) as FilterPrice;
  return members.some((member) => values.sets('filter', member, node)) ? points : 0;
}

interface FilterPrice {
  readonly points: number;
  readonly members: readonly string[];
}

const noFilter: FilterPrice = { points: 0, members: [] };

/** The number of items of a list without `first`, where its `extensions` say it. */
function itemsOf({ extensions }: { readonly extensions: Readonly<Record<string, unknown>> }): number {
  return typeof extensions['items'] === 'number' ? extensions['items'] : 1;
}

function hasId(type: unknown): boolean {
  if (isUnionType(type)) return type.getTypes().every(hasId);
  if (isObjectType(type)) return type.getInterfaces().some(({ name }) => name === 'Node');
  return isInterfaceType(type) && (type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node'));
}
