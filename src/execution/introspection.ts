/**
 * Restricts introspection to callers with a scope. The printed schema is published; this is for gateways that restrict
 * it anyway.
 */
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
 * Refuses operations that read `__schema` or `__type`, with an error rather than null, to callers without
 * `schema:read`. It also removes names of the schema from the errors that these callers get for faulty documents and
 * variables. It is no validation rule, since Yoga caches the outcome of those, and the next caller may have other
 * rights.
 */
export function useIntrospectionScope(): Plugin<{ caller: Caller }> {
  const readsSchema = new WeakMap<DocumentNode, boolean>();
  const reads = ({ schema, document }: ExecutionArgs): boolean => {
    const known = readsSchema.get(document) ?? validate(schema, document, [NoSchemaIntrospectionCustomRule]).length > 0;
    readsSchema.set(document, known);
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

/** graphql-js reports an error in a variable at the variable's definition, before it resolves anything. */
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

/**
 * Reports nothing. Yoga caches validation results by the names of the rules, so this rule separates the cache of these
 * callers from that of the others.
 */
const withoutSchema: ValidationRule = function withoutSchema() {
  return {};
};

/** The error for a document or variables that do not fit, without the names and types of the schema. */
function misfit(subject: string): GraphQLError {
  return new GraphQLError(`${subject} not fit the schema. Only callers with the scope schema:read see the reason.`, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}

function refusal(): GraphQLError {
  return new GraphQLError('Reading the schema takes the scope schema:read.', {
    extensions: { code: 'FORBIDDEN', retryable: false },
  });
}
