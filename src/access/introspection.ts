/** Who may read the schema through the API. Its printed form is published; this is for a gateway that says otherwise. */
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Caller, hasScope } from './caller.ts';

/**
 * Refuses operations that ask for `__schema` or `__type`, by an error and not by null, to callers without `schema:read`, and
 * tells them nothing of it by way of what a faulty document should have been.
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
  return {
    onValidate: ({ context, addValidationRule }) => {
      if (hasScope((context as { readonly caller: Caller }).caller, 'schema:read')) return undefined;
      addValidationRule(withoutSchema);
      return ({ valid, setResult }) => {
        if (!valid) setResult([misfit()]);
      };
    },
    onExecute: admit,
    onSubscribe: admit,
  };
}

interface Hook {
  readonly args: ExecutionArgs;
  readonly setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void;
}

/** Finds nothing. Yoga keeps what was found by the names of the rules: apart, for those who are not told. */
const withoutSchema: ValidationRule = function withoutSchema() {
  return {};
};

/** What does not fit would be told in the names and types of the schema. */
function misfit(): GraphQLError {
  return new GraphQLError('The document does not fit the schema, which takes the scope schema:read to be told of.', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}

function refusal(): GraphQLError {
  return new GraphQLError('Reading the schema takes the scope schema:read.', {
    extensions: { code: 'FORBIDDEN', retryable: false },
  });
}
