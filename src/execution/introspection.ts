/** Who may read the schema through the API. Its printed form is published; this is for a gateway that says otherwise. */
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Caller, hasScope } from '../identity/caller.ts';

/**
 * Refuses operations that ask for `__schema` or `__type`, by an error and not by null, to callers without `schema:read`, and
 * tells them nothing of it by way of what a faulty document or its variables should have been.
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
    if (!mayRead(args.contextValue) && reads(args)) setResultAndStopExecution({ errors: [refusal()] });
  };
  const withhold = ({ args, result, setResult }: Done): void => {
    if (!mayRead(args.contextValue) && isAboutVariables(result)) setResult({ errors: [misfit('The variables do')] });
  };
  return {
    onValidate: ({ context, addValidationRule }) => {
      if (mayRead(context)) return undefined;
      addValidationRule(withoutSchema);
      return ({ valid, setResult }) => {
        if (!valid) setResult([misfit('The document does')]);
      };
    },
    onExecute(hook) {
      admit(hook);
      return { onExecuteDone: withhold };
    },
    onSubscribe(hook) {
      admit(hook);
      return { onSubscribeResult: withhold };
    },
  };
}

function mayRead(context: unknown): boolean {
  return hasScope((context as { readonly caller: Caller }).caller, 'schema:read');
}

/** graphql tells them by the places in the document where they are declared, and before it resolves anything. */
function isAboutVariables(result: unknown): boolean {
  const { errors = [] } = result as { readonly errors?: readonly GraphQLError[] };
  return errors.some(({ nodes }) => nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION);
}

interface Done {
  readonly args: ExecutionArgs;
  readonly result: unknown;
  readonly setResult: (result: { errors: GraphQLError[] }) => void;
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
function misfit(what: string): GraphQLError {
  return new GraphQLError(`${what} not fit the schema, which takes the scope schema:read to be told of.`, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}

function refusal(): GraphQLError {
  return new GraphQLError('Reading the schema takes the scope schema:read.', {
    extensions: { code: 'FORBIDDEN', retryable: false },
  });
}
