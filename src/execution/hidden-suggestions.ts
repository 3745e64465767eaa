/** Removes "Did you mean" from error messages, so that a caller cannot find out names by guessing. */
import { type ExecutionArgs, type GraphQLError, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Works on every transport that validates and executes with Yoga's functions. graphql-js leaves suggestions out at
 * their source; to rewrite messages afterwards would miss some. Envelop passes the options to its validation function
 * in another place than graphql-js 16 reads them, so this plugin replaces the function. Put it before other plugins
 * that do so.
 */
export function useHiddenSuggestions(): Plugin {
  return {
    onValidate: ({ setValidationFn }) => setValidationFn(validateQuietly),
    onExecute: ({ args }) => executeQuietly(args),
    onSubscribe: ({ args }) => executeQuietly(args),
  };
}

function validateQuietly(...[schema, document, rules]: Parameters<typeof validate>): readonly GraphQLError[] {
  return validate(schema, document, rules, { hideSuggestions: true });
}

/** Every execute function reads it from its arguments. */
function executeQuietly(args: ExecutionArgs): void {
  Object.assign(args, { hideSuggestions: true });
}
