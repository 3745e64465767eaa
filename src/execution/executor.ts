/** Selects the executor that runs operations. */
import { type ExecutionArgs, execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { YogaContext } from './operation-context.ts';
import { type OnEvent, subscribeShared } from './shared-execution.ts';

/**
 * Runs operations with graphql-js instead of Yoga's executor, which writes the fields of a response in the order in
 * which they were resolved; the specification requires the order of the query (section 7.2.2, measured with
 * @graphql-tools/executor 2.0.1).
 */
export function useReferenceExecutor(onEvent?: OnEvent): Plugin<YogaContext> {
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn((args) => execute(forResolvers(args))),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn((args) => subscribeShared(forResolvers(args), onEvent)),
  };
}

function forResolvers(args: ExecutionArgs) {
  return { ...args, contextValue: (args.contextValue as YogaContext).operation };
}
