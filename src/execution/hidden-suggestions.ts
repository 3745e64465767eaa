/** Who guesses at names is not told how near he was: no "Did you mean". */
import { type ExecutionArgs, type GraphQLError, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Over every transport that validates and executes by Yoga's functions. graphql leaves suggestions out where they would be
 * made; rewriting messages afterwards would let some through. Envelop hands its validation function the options in another
 * place than graphql 16 looks for them, so the function is set whole: put this plugin before others that set it.
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

/** Whichever function executes takes it from its arguments. */
function executeQuietly(args: ExecutionArgs): void {
  Object.assign(args, { hideSuggestions: true });
}
