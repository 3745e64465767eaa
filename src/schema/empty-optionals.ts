/**
 * Makes empty optional texts and lists count as absent, in every argument and input of a schema. Tools fill each
 * optional text with "" and each optional list with [], and neither service has a use for these.
 */
import {
  type GraphQLArgument,
  type GraphQLFieldResolver,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Wraps every resolver of `schema`. Required texts and lists stay as they are. */
export function leaveOutEmptyOptionals(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.length === 0) continue;
      field.resolve &&= withoutEmpty(field.resolve, field.args);
      field.subscribe &&= withoutEmpty(field.subscribe, field.args);
    }
  }
  return schema;
}

type Resolver = GraphQLFieldResolver<unknown, unknown>;

function withoutEmpty(resolve: Resolver, args: readonly GraphQLArgument[]): Resolver {
  return (parent, values, context, info) => resolve(parent, filled(values, args), context, info);
}

/** `values` without its empty optional members. */
function filled(
  values: Readonly<Record<string, unknown>>,
  members: readonly (GraphQLArgument | GraphQLInputField)[],
): Record<string, unknown> {
  const kept = members.filter(({ name, type }) => name in values && (isNonNullType(type) || !isEmpty(values[name])));
  return Object.fromEntries(kept.map(({ name, type }) => [name, filledValue(values[name], type)]));
}

function filledValue(value: unknown, type: GraphQLInputType): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return Array.isArray(value) ? value.map((item) => filledValue(item, inner.ofType)) : value;
  return isInputObjectType(inner) && isRecord(value) ? filled(value, Object.values(inner.getFields())) : value;
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
