/** What a caller may do, as the schema asks it; and the answer to one who may not. */
import { GraphQLError } from 'graphql';
import { hasScope, type Scope, scopes } from '../access/caller.ts';
import type { Context } from '../context.ts';

/** Every scope, and whether the caller has it. */
export function scopesOf({ caller }: Pick<Context, 'caller'>): Record<Scope, boolean> {
  return Object.fromEntries(scopes.map((scope) => [scope, hasScope(caller, scope)])) as Record<Scope, boolean>;
}

/** The same whatever the field holds and whether it holds anything, so that it does not tell what is there. */
export function forbidden(): GraphQLError {
  return new GraphQLError('The caller has no right to this. The description of the field names the scope that it needs.', {
    extensions: { code: 'FORBIDDEN', retryable: false },
  });
}
