/** Who may read the schema through the API. Its printed form is published; this is for a gateway that says otherwise. */
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Caller, hasScope } from './caller.ts';

/**
 * Refuses operations that ask for `__schema` or `__type`, by an error and not by null, to callers without `schema:read`.
 * Not as a rule of validation: Yoga keeps what that found, and the next caller may have other rights.
 */
export function useIntrospectionScope(): Plugin<{ caller: Caller }> {
  const found = new WeakMap<DocumentNode, boolean>();
  const reads = ({ schema, document }: ExecutionArgs): boolean => {
    const known = found.get(document) ?? validate(schema, document, [NoSchemaIntrospectionCustomRule]).length > 0;
    found.set(document, known);
    return known;
  };
  const admit = ({ args, setResultAndStopExecution }: Hook): void => {
    const { caller } = args.contextValue as { readonly caller: Caller };
    if (!hasScope(caller, 'schema:read') && reads(args)) setResultAndStopExecution({ errors: [refusal()] });
  };
  return { onExecute: admit, onSubscribe: admit };
}

interface Hook {
  readonly args: ExecutionArgs;
  readonly setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void;
}

function refusal(): GraphQLError {
  return new GraphQLError('Reading the schema takes the scope schema:read.', {
    extensions: { code: 'FORBIDDEN', retryable: false },
  });
}
