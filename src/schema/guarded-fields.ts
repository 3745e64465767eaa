/**
 * Makes each field check the scopes that it and its type require, before its resolver runs. The check is synchronous:
 * that of `@pothos/plugin-scope-auth` (4.1.6) made promises for each field, which took 40 % of the time of a list of
 * 100 jobs.
 */
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { hasScope, type Scope } from '../identity/caller.ts';
import type { Context } from '../resolvers/context.ts';
import { forbidden, type Refuse } from '../resolvers/forbidden.ts';

type Extended = { readonly extensions: Readonly<Record<string, unknown>> };

/** What a caller must have to read a field. */
interface Required {
  /** All of these. */
  readonly scopes: readonly Scope[];
  /** And one of these, where it is not empty. */
  readonly anyScope: readonly Scope[];
}

/** Throws if a field requires no scope, so that a forgotten scope does not open the field to everyone. */
export function withGuardedFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(isObjectType(type) || isInterfaceType(type)) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const required = requiredBy([type, ...type.getInterfaces(), field]);
      if (required.scopes.length + required.anyScope.length === 0)
        throw new Error(`${type.name}.${field.name}: expected a required scope, found none.`);
      field.extensions = { ...field.extensions, ...required };
      if (isObjectType(type)) guard(field, required);
    }
  }
  return schema;
}

/** What the `declaring` types and the field require together. A required scope may be one of the alternatives. */
function requiredBy(declaring: readonly Extended[]): Required {
  const scopes = [...new Set(declaring.flatMap((each) => scopesIn(each, 'scopes')))];
  const anyScope = [...new Set(declaring.flatMap((each) => scopesIn(each, 'anyScope')))];
  return { scopes, anyScope: anyScope.some((scope) => scopes.includes(scope)) ? [] : anyScope };
}

/** The scopes that a type or a field declares itself. */
function scopesIn({ extensions }: Extended, member: keyof Required): readonly Scope[] {
  return (extensions[member] as readonly Scope[] | undefined) ?? [];
}

function guard(field: GraphQLField<unknown, Context>, required: Required): void {
  const refuse = (field.extensions['withheld'] as Refuse | undefined) ?? refused;
  field.resolve = guardedBy(required, field.resolve ?? defaultFieldResolver, refuse);
  // Otherwise a subscription would start polling before its caller is refused.
  if (field.subscribe) field.subscribe = guardedBy(required, field.subscribe, refused);
}

type Resolve = GraphQLFieldResolver<unknown, Context>;

const refused: Refuse = (scope) => {
  throw forbidden(scope);
};

function guardedBy({ scopes, anyScope }: Required, resolve: Resolve, refuse: Refuse): Resolve {
  const guarded: Resolve = (source, args, context, info) => {
    for (const scope of scopes) if (!hasScope(context.caller, scope)) return refuse(scope, context, info);
    return resolve(source, args, context, info);
  };
  const [first] = anyScope;
  if (first === undefined) return guarded;
  return (source, args, context, info) =>
    anyScope.some((scope) => hasScope(context.caller, scope))
      ? guarded(source, args, context, info)
      : refuse(first, context, info);
}
