/**
 * Plans the execution of a query, or of an event of a subscription: the definition of each field, its arguments and the
 * kind of its type. graphql-js (16.15) looks these up again for each object.
 */
import {
  type DocumentNode,
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLIncludeDirective,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';

/** The variables of a request, coerced. */
export type VariableValues = Readonly<Record<string, unknown>>;

/** The type of a value and how the value is completed. */
export type OutputShape =
  | { readonly kind: 'leaf'; readonly isNullable: boolean; readonly type: GraphQLLeafType }
  | { readonly kind: 'object'; readonly isNullable: boolean; readonly type: GraphQLObjectType }
  | { readonly kind: 'abstract'; readonly isNullable: boolean; readonly type: GraphQLAbstractType }
  | { readonly kind: 'list'; readonly isNullable: boolean; readonly items: OutputShape };

export interface FieldPlan {
  readonly responseName: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly resolve: GraphQLFieldResolver<unknown, unknown>;
  readonly shape: OutputShape;
  /** What is selected of an object of this type, which is the field's value or an item of it. */
  readonly fieldsOf: (type: GraphQLObjectType) => SelectedFields;
}

/** The fields that are selected of an object. */
export interface SelectedFields {
  readonly fields: readonly FieldPlan[];
  /** Whether one has the response name `__proto__`. */
  readonly hasProto: boolean;
}

/** The selections of an operation for one set of values of the variables that `@skip` and `@include` name. */
export interface ExecutionPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Throws a `GraphQLError` if a condition is null, which a variable with a default may be. */
  readonly rootFields: () => SelectedFields;
}

/** Plans the valid `operation` of `document`. Reads only those `variables` that `@skip` and `@include` name. */
export function planExecution(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: VariableValues,
): ExecutionPlan {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new Error(`expected a schema with a root type for each ${operation.operation}`);
  const definitions = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const fragments = Object.fromEntries(definitions.map((node) => [node.name.value, node]));
  const planner = new Planner(schema, fragments, variables);
  let known: SelectedFields | undefined;
  const rootFields = (): SelectedFields => {
    known ??= planner.fieldsOf(rootType, [operation.selectionSet]);
    return known;
  };
  return { schema, operation, fragments, rootFields };
}

type NodesByResponseName = Map<string, [FieldNode, ...FieldNode[]]>;

class Planner {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly #variables: VariableValues;

  constructor(
    schema: GraphQLSchema,
    fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    variables: VariableValues,
  ) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  fieldsOf(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): SelectedFields {
    const found: NodesByResponseName = new Map();
    const visited = new Set<string>();
    for (const { selections } of selectionSets) this.#collect(type, selections, found, visited);
    const fields = [...found].flatMap(([responseName, nodes]) => this.#planOf(type, responseName, nodes) ?? []);
    return { fields, hasProto: found.has('__proto__') };
  }

  /** Implements the section "Field collection" of the specification. A fragment counts where it is spread first. */
  #collect(
    type: GraphQLObjectType,
    selections: readonly SelectionNode[],
    found: NodesByResponseName,
    visited: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const responseName = selection.alias?.value ?? selection.name.value;
        const nodes = found.get(responseName);
        if (nodes === undefined) found.set(responseName, [selection]);
        else nodes.push(selection);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.#spread(selection.name.value, visited) : selection;
      if (fragment && this.#isAbout(fragment.typeCondition, type))
        this.#collect(type, fragment.selectionSet.selections, found, visited);
    }
  }

  #spread(name: string, visited: Set<string>): FragmentDefinitionNode | undefined {
    if (visited.has(name)) return undefined;
    visited.add(name);
    return this.#fragments[name];
  }

  #isIncluded(node: SelectionNode): boolean {
    if (node.directives === undefined || node.directives.length === 0) return true;
    const skip = getDirectiveValues(GraphQLSkipDirective, node, this.#variables);
    const include = getDirectiveValues(GraphQLIncludeDirective, node, this.#variables);
    return skip?.['if'] !== true && include?.['if'] !== false;
  }

  #isAbout(condition: NamedTypeNode | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition.name.value === type.name) return true;
    const conditional = this.#schema.getType(condition.name.value);
    return isAbstractType(conditional) && this.#schema.isSubType(conditional, type);
  }

  #planOf(
    parentType: GraphQLObjectType,
    responseName: string,
    nodes: readonly [FieldNode, ...FieldNode[]],
  ): FieldPlan | undefined {
    const definition = this.#definitionOf(parentType, nodes[0].name.value);
    if (definition === undefined) return undefined;
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const byType = new Map<GraphQLObjectType, SelectedFields>();
    const fieldsOf = (type: GraphQLObjectType): SelectedFields => {
      const known = byType.get(type);
      if (known !== undefined) return known;
      const fields = this.fieldsOf(type, selectionSets);
      byType.set(type, fields);
      return fields;
    };
    const resolve = definition.resolve ?? defaultFieldResolver;
    return { responseName, nodes, parentType, definition, resolve, shape: shapeOf(definition.type), fieldsOf };
  }

  #definitionOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    if (type === this.#schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return type.getFields()[name];
  }
}

function shapeOf(output: GraphQLOutputType): OutputShape {
  const isNullable = !isNonNullType(output);
  const type = getNullableType(output);
  if (isListType(type)) return { kind: 'list', isNullable, items: shapeOf(type.ofType) };
  if (isLeafType(type)) return { kind: 'leaf', isNullable, type };
  if (isObjectType(type)) return { kind: 'object', isNullable, type };
  return { kind: 'abstract', isNullable, type };
}
