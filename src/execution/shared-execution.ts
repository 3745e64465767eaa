/** Executes each event of a subscription once for all subscribers with the same operation and the same rights. */
import { hash } from 'node:crypto';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Caller } from '../identity/caller.ts';
import type { Context } from '../resolvers/context.ts';
import type { JobEvent } from '../watch/streams/events.ts';
import { type Delivery, type ExecuteEvent, HttpLiveResults, LiveResults } from './live-results.ts';
import type { MaskError } from './operation-result.ts';
import { executePlanned, type PlannedExecutionArgs } from './planned-execution.ts';
import { cursorPlaceholder, SharedResult } from './shared-result.ts';

type SharedArgs = ExecutionArgs & { readonly contextValue: Context };

/** Called for each event that is sent to one subscriber. */
export type OnEvent = (how: 'executed' | 'shared') => void;

export interface SharingOptions extends Delivery {
  readonly planned: Pick<PlannedExecutionArgs, 'plan' | 'variables'>;
  /** Absent if events are not counted. */
  readonly onEvent?: OnEvent | undefined;
}

/**
 * `subscribe` of graphql-js, except that it executes and serializes an event once for all readers with the same
 * operation and rights.
 */
export async function subscribeShared(
  args: SharedArgs,
  options: SharingOptions,
): Promise<ExecutionResult | LiveResults> {
  const stream = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in stream)) return stream;
  const source = stream[Symbol.asyncIterator]();
  const context = args.contextValue;
  const execution = executionOf(args, context, options);
  return context.isSocket
    ? new LiveResults(source, execution, options)
    : new HttpLiveResults(source, execution, options, context);
}

/** Results by event, and within it by operation and rights. Kept as long as a reader's queue holds the event. */
const sharedResults = new WeakMap<object, Map<string, Promise<SharedResult> | SharedResult>>();

function executionOf(args: ExecutionArgs, context: Context, { planned, mask, onEvent }: SharingOptions): ExecuteEvent {
  const operationKey = operationKeyFrom(args);
  let keyOfCaller: { readonly caller: Caller; readonly key: string } | undefined;
  return (event) => {
    const caller = context.callerNow();
    if (keyOfCaller?.caller !== caller) keyOfCaller = { caller, key: `${operationKey} ${rightsOf(caller)}` };
    const { key } = keyOfCaller;
    const results = sharedResults.get(event.body) ?? new Map<string, Promise<SharedResult> | SharedResult>();
    const known = results.get(key);
    onEvent?.(known === undefined ? 'executed' : 'shared');
    if (known !== undefined) return known;
    const executed = executedOnce(event, planned, context.forEvent(caller), mask);
    sharedResults.set(event.body, results.set(key, executed));
    void executed.then(
      (result) => results.set(key, result),
      () => {},
    );
    return executed;
  };
}

async function executedOnce(
  event: JobEvent,
  planned: SharingOptions['planned'],
  contextValue: ReturnType<Context['forEvent']>,
  mask: MaskError,
): Promise<SharedResult> {
  const rootValue = { ...event, cursor: cursorPlaceholder };
  const result = await executePlanned({ rootValue, contextValue, ...planned });
  contextValue.release();
  const { reported } = contextValue;
  const errors = [...(result.errors ?? []), ...reported];
  return new SharedResult(reported.length === 0 ? result : { ...result, errors }, mask);
}

const rightsByCaller = new WeakMap<Caller, string>();

/**
 * Equal for two callers with the same rights. An authenticator returns one object for a caller as long as their rights
 * stay the same.
 */
function rightsOf(caller: Caller): string {
  const rights = rightsByCaller.get(caller) ?? [...caller.scopes].sort().join();
  rightsByCaller.set(caller, rights);
  return rights;
}

/** Equal for two subscriptions if every event gives both the same result. */
function operationKeyFrom({ schema, document, operationName, variableValues }: ExecutionArgs): string {
  const { number, eventVariables } = factsOf(document, schema);
  const values = Object.fromEntries(eventVariables.map((name) => [name, variableValues?.[name]]));
  const operationKey = JSON.stringify([number, operationName ?? null, values]);
  return hash('sha256', operationKey, 'base64url');
}

interface DocumentFacts {
  readonly number: number;
  /**
   * The variables that the result of an event can depend on. The arguments of the subscription are not among them, so
   * that readers that resume from different cursors still share.
   */
  readonly eventVariables: readonly string[];
}

/** Equal texts share one document object while its plan is cached. */
const factsByDocument = new WeakMap<DocumentNode, DocumentFacts>();
let documentCount = 0;

function factsOf(document: DocumentNode, schema: GraphQLSchema): DocumentFacts {
  const existing = factsByDocument.get(document);
  if (existing !== undefined) return existing;
  documentCount += 1;
  const facts = { number: documentCount, eventVariables: eventVariablesOf(document, schema) };
  factsByDocument.set(document, facts);
  return facts;
}

/** All variables except those that are only used in arguments of the subscription itself. */
function eventVariablesOf(document: DocumentNode, schema: GraphQLSchema): readonly string[] {
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Argument: () =>
        types.getDirective() == null && types.getParentType() === schema.getSubscriptionType() ? false : undefined,
      Variable: ({ name }) => void names.add(name.value),
    }),
  );
  return [...names].sort();
}
