/** Which values did a client give for the arguments that decide how much an operation brings? */
import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValueNode,
} from 'graphql';
import { sizes } from '../model/job-input-sizes.ts';

export type Variables = Readonly<Record<string, unknown>>;

type Field = GraphQLField<unknown, unknown>;

/** The largest page that `jobs` gives; what asks for more is refused there, and so is not priced higher here. */
export const largestPage = sizes.page.max;

/** Literals, variables as they were sent, their defaults and those of the schema. Nobody has checked any of them. */
export class GivenValues {
  readonly #operation: OperationDefinitionNode;
  readonly #variables: Variables;

  constructor(operation: OperationDefinitionNode, variables: Variables) {
    this.#operation = operation;
    this.#variables = variables;
  }

  /** How many objects the field brings: a page of them, one for each of its `ids`, or one. */
  countOf(node: FieldNode, field: Field): number {
    if (!field.args.some(({ name }) => name === 'first')) return this.idCountOf(node, field);
    const size = this.#argument('first', node, field);
    // What is no size will be refused later; until then it is taken for the largest.
    return Number.isInteger(size) && Number(size) >= 0 ? Math.min(Number(size), largestPage) : largestPage;
  }

  idCountOf(node: FieldNode, field: Field): number {
    const ids = this.#argument('ids', node, field);
    return Array.isArray(ids) ? Math.max(1, ids.length) : 1;
  }

  /** Whether `@skip` or `@include` leaves the selection out. */
  leavesOut({ directives = [] }: SelectionNode): boolean {
    return directives.some((directive) => {
      const condition = this.#value(valueNamed('if', directive.arguments));
      return directive.name.value === (condition === true ? 'skip' : condition === false ? 'include' : undefined);
    });
  }

  #argument(name: string, node: FieldNode, field: Field): unknown {
    const given = this.#value(valueNamed(name, node.arguments));
    return given ?? field.args.find((argument) => argument.name === name)?.defaultValue;
  }

  #value(node: ValueNode | undefined): unknown {
    if (node?.kind !== Kind.VARIABLE) return literalValue(node);
    const name = node.name.value;
    if (Object.hasOwn(this.#variables, name)) return this.#variables[name];
    const definition = this.#operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return literalValue(definition?.defaultValue);
  }
}

function valueNamed(name: string, given: readonly ArgumentNode[] = []): ValueNode | undefined {
  return given.find((argument) => argument.name.value === name)?.value;
}

/** Numbers, truth values, and lists for their length; of others the value has no say here. */
function literalValue(node: ValueNode | undefined): unknown {
  if (node?.kind === Kind.INT) return Number(node.value);
  if (node?.kind === Kind.BOOLEAN) return node.value;
  return node?.kind === Kind.LIST ? node.values : undefined;
}
