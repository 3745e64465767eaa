/** Who may read the schema through the API. Its printed form is published; this is for a gateway that says otherwise. */
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Caller, hasScope } from './caller.ts';

/** Refuses `__schema` and `__type`, by an error and not by null, to callers without `schema:read`. */
export function useIntrospectionScope(): Plugin {
  return {
    onValidate({ context, addValidationRule }) {
      const { caller } = context as { readonly caller?: Caller };
      if (caller === undefined || !hasScope(caller, 'schema:read')) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}
