/** Reads the argument values that decide how many objects an operation returns. */
import {
  type ArgumentNode,
  type ConstValueNode,
  type FieldNode,
  type GraphQLField,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValueNode,
} from 'graphql';
import { sizes } from '../model/job-input-sizes.ts';

export type Variables = Readonly<Record<string, unknown>>;

export type Field = GraphQLField<unknown, unknown>;

/** The largest page of `jobs`. A larger request is refused, so it is not priced higher. */
export const maxPageSize = sizes.page.max;

/** Reads literals, variables as sent, their defaults and those of the schema. None of them has been validated. */
export class ArgumentValues {
  readonly #operation: OperationDefinitionNode;
  readonly #variables: Variables;

  constructor(operation: OperationDefinitionNode, variables: Variables) {
    this.#operation = operation;
    this.#variables = variables;
  }

  /** The number of objects that the field returns: a page, one for each of its `ids` or `representations`, or one. */
  countOf(node: FieldNode, field: Field): number {
    if (!field.args.some(({ name }) => name === 'first')) return this.idCountOf(node, field);
    const size = this.#argument('first', node, field);
    // An invalid size is refused later; until then it counts as the largest.
    return Number.isInteger(size) && Number(size) >= 0 ? Math.min(Number(size), maxPageSize) : maxPageSize;
  }

  idCountOf(node: FieldNode, field: Field): number {
    const ids = this.#argument('ids', node, field);
    if (Array.isArray(ids)) return Math.max(1, ids.length);
    const representations = this.#argument('representations', node, field);
    // More than the largest number are refused one by one, without a read.
    return Array.isArray(representations)
      ? Math.max(1, Math.min(representations.length, sizes.representations.max))
      : 1;
  }

  /** Whether an argument has a member that is more than null or empty, which counts as absent. */
  sets(argument: string, member: string, node: FieldNode): boolean {
    const value = valueNamed(argument, node.arguments);
    return value !== undefined && this.#hasMember(value, member);
  }

  #hasMember(node: ValueNode, member: string): boolean {
    if (node.kind === Kind.OBJECT) {
      return node.fields.some(({ name, value }) => name.value === member && this.#isSet(value));
    }
    if (node.kind !== Kind.VARIABLE) return false;
    const name = node.name.value;
    if (!Object.hasOwn(this.#variables, name)) return this.#hasMember(this.#defaultOf(name) ?? nothing, member);
    const value = this.#variables[name];
    return typeof value === 'object' && value !== null && isSet(Reflect.get(value, member));
  }

  #isSet(node: ValueNode): boolean {
    if (node.kind === Kind.VARIABLE) {
      const name = node.name.value;
      return Object.hasOwn(this.#variables, name)
        ? isSet(this.#variables[name])
        : this.#isSet(this.#defaultOf(name) ?? nothing);
    }
    if (node.kind === Kind.LIST) return node.values.length > 0;
    return node.kind !== Kind.NULL && !(node.kind === Kind.STRING && node.value === '');
  }

  /** Whether `@skip` or `@include` leaves the selection out. */
  leavesOut({ directives = [] }: SelectionNode): boolean {
    return directives.some((directive) => {
      const condition = this.#value(valueNamed('if', directive.arguments));
      return directive.name.value === (condition === true ? 'skip' : condition === false ? 'include' : undefined);
    });
  }

  #argument(name: string, node: FieldNode, field: Field): unknown {
    const value = this.#value(valueNamed(name, node.arguments));
    return value ?? field.args.find((argument) => argument.name === name)?.defaultValue;
  }

  #value(node: ValueNode | undefined): unknown {
    if (node?.kind !== Kind.VARIABLE) return literalValue(node);
    const name = node.name.value;
    return Object.hasOwn(this.#variables, name) ? this.#variables[name] : literalValue(this.#defaultOf(name));
  }

  #defaultOf(name: string): ConstValueNode | undefined {
    const definition = this.#operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue;
  }
}

const nothing: ConstValueNode = { kind: Kind.NULL };

function valueNamed(name: string, args: readonly ArgumentNode[] = []): ValueNode | undefined {
  return args.find((argument) => argument.name.value === name)?.value;
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** Numbers and booleans by their value, lists by their length. Other values have no effect on the cost. */
function literalValue(node: ValueNode | undefined): unknown {
  if (node?.kind === Kind.INT) return Number(node.value);
  if (node?.kind === Kind.BOOLEAN) return node.value;
  return node?.kind === Kind.LIST ? node.values : undefined;
}
