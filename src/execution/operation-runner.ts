/** Runs operations: the same steps in the same order for every transport. */
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  OperationTypeNode,
} from 'graphql';
import { Turns } from '../base/turns.ts';
import { type Caller, hasScope } from '../identity/caller.ts';
import { admitOperation } from '../limits/operation-admission.ts';
import type { OperationLimits } from '../limits/operation-limits.ts';
import { resolveDocument, type TrustedDocuments, untrusted } from '../limits/trusted-documents.ts';
import type { InTrace } from '../telemetry/tracing.ts';
import { type DocumentPlan, DocumentPlans, type Faults, type OperationPlan } from './document-plan.ts';
import { defaultErrorLimits } from './error-limits.ts';
import { badRequest, type HttpFacts, withHttp } from './http-status.ts';
import { LiveResults } from './live-results.ts';
import { OperationContext, type Shared, type TransportScope } from './operation-context.ts';
import type { Observed } from './operation-log.ts';
import {
  isAboutVariables,
  type MaskError,
  withCappedErrors,
  withMaskedErrors,
  withoutHttpFacts,
  withReported,
} from './operation-result.ts';
import { executePlanned } from './planned-execution.ts';
import { type OperationParams, type ReadParams, readParams, unknownMemberFault } from './request-params.ts';
import { type OnEvent, subscribeShared } from './shared-execution.ts';

export interface RunnerOptions {
  readonly schema: GraphQLSchema;
  readonly shared: Shared;
  readonly limits: OperationLimits;
  /** Whether only callers with the scope `schema:read` may introspect. */
  readonly isIntrospectionScoped: boolean;
  readonly trustedDocuments: TrustedDocuments | undefined;
  /**
   * Charges the points of an operation to its caller, and returns the error if they have too few left. Absent without a
   * limit.
   */
  readonly charge: ((caller: Caller, cost: number) => Promise<GraphQLError | undefined>) | undefined;
  readonly mask: MaskError;
  /** Absent if events are not counted. */
  readonly onEvent: OnEvent | undefined;
  /** Runs an operation within a trace. Absent without tracing. */
  readonly inTrace: InTrace | undefined;
}

export type Refused = { readonly refused: readonly GraphQLError[] };

export type Outcome = ExecutionResult | LiveResults;

/** An operation that can run: its document is valid and determines which operation to run. */
export interface PreparedOperation {
  readonly kind: OperationTypeNode;
  /** Never rejects. */
  readonly run: () => Promise<Outcome>;
}

/**
 * Of the delivery of an event to its readers. A slice is short compared with the 500 ms of a poll, and long compared with the work
 * for one reader.
 */
const deliveries = { sliceMs: 10, perCheck: 20 };

export class OperationRunner {
  readonly #options: RunnerOptions;
  readonly #plans: DocumentPlans;
  readonly #turns: Turns;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#plans = new DocumentPlans(options.schema, options.limits);
    this.#turns = new Turns(options.shared.clock.monotonicMs, deliveries);
  }

  get hasTrustedDocuments(): boolean {
    return this.#options.trustedDocuments !== undefined;
  }

  /** The members of a request, with the id of a trusted document replaced by its text. */
  read(request: object): ReadParams {
    const resolution = resolveDocument(request, this.#options.trustedDocuments);
    if ('refused' in resolution) return { fault: resolution.refused };
    if ('malformed' in resolution) return { fault: resolution.malformed };
    return readParams(resolution.params);
  }

  /** As `read`, for HTTP, where unknown members are refused. */
  readHttp(request: object): ReadParams {
    const resolution = resolveDocument(request, this.#options.trustedDocuments);
    if ('refused' in resolution) return { fault: withHttp(resolution.refused, invalid) };
    if ('malformed' in resolution) return { fault: withHttp(resolution.malformed, { status: 400 }) };
    const read = readParams(resolution.params);
    if ('fault' in read) return { fault: withHttp(read.fault, { status: 400 }) };
    const unknown = unknownMemberFault(resolution.params);
    return unknown ? { fault: unknown } : read;
  }

  /** Adds to `observed` the facts for the log, as far as they become known. */
  prepare(params: OperationParams, scope: TransportScope, observed: Observed | undefined): PreparedOperation | Refused {
    // For a transport that forgets to `read`.
    if (this.#options.trustedDocuments?.has(params.query) === false)
      return { refused: [withHttp(untrusted(), invalid)] };
    const plan = this.#plans.planOf(params.query);
    if (observed) observed.operationName = params.operationName;
    if ('faults' in plan) {
      if (observed) observed.query = params.query;
      return { refused: this.#faultsFor(scope.caller, plan) };
    }
    if (observed) observed.plan = plan;
    const operation = plan.operation(params.operationName);
    if (operation === undefined) return { refused: [unresolved()] };
    const { operation: kind } = operation.node;
    if (kind === OperationTypeNode.MUTATION && scope.isGet) return { refused: [mutationByGet()] };
    return { kind, run: () => this.#run({ plan, operation, params, scope, observed }) };
  }

  /** Hides the faults of an invalid document from a caller who may not read the schema, as they describe it. */
  #faultsFor(caller: Caller, { faults, isParsed }: Faults): readonly GraphQLError[] {
    return isParsed && !this.#mayReadSchema(caller)
      ? [withHttp(misfit('The document does', 'GRAPHQL_VALIDATION_FAILED'), invalid)]
      : faults;
  }

  #mayReadSchema(caller: Caller): boolean {
    return !this.#options.isIntrospectionScoped || hasScope(caller, 'schema:read');
  }

  async #run(run: Run): Promise<Outcome> {
    const { mask } = this.#options;
    try {
      const outcome = (await this.#refusal(run)) ?? (await this.#executed(run));
      return run.scope.isSocket && !(outcome instanceof LiveResults) ? withoutHttpFacts(outcome) : outcome;
    } catch (error) {
      return { errors: [mask(error)] };
    }
  }

  /**
   * Checks the sizes of variables, the cost and the caller's budget before the first resolver runs and before a
   * subscription starts.
   */
  async #refusal({ plan, operation, params, scope, observed }: Run): Promise<ExecutionResult | undefined> {
    const { schema, limits, charge } = this.#options;
    const { operation: kind, variableDefinitions } = operation.node;
    if (observed) Object.assign(observed, { operation, caller: scope.caller });
    if (kind === OperationTypeNode.SUBSCRIPTION && scope.streamFault !== undefined) {
      const values = getVariableValues(schema, variableDefinitions ?? [], params.variables ?? {}, { maxErrors: 1 });
      // Invalid variables are reported like any other failure, as they never start a stream.
      const fault = values.errors ? undefined : scope.streamFault();
      if (fault) return { errors: [fault] };
    }
    const admission = admitOperation(operation, params.variables, limits);
    if ('refused' in admission) return refusalOf(admission.refused);
    if (observed) observed.cost = admission.cost;
    const overspent = await charge?.(scope.caller, admission.cost);
    if (overspent) return refusalOf(overspent);
    if (!this.#mayReadSchema(scope.caller) && plan.readsSchema) return { errors: [schemaRefusal()] };
    return undefined;
  }

  async #executed(run: Run): Promise<Outcome> {
    const { inTrace, shared } = this.#options;
    const { scope, operation, observed } = run;
    const { operation: kind } = operation.node;
    const context = new OperationContext(shared, scope);
    const execution = () => this.#execution(run, context);
    try {
      const result = await (inTrace ? inTrace({ kind, traceparent: scope.traceparent }, execution) : execution());
      return result instanceof LiveResults ? result : this.#resultFor(scope, result, context);
    } finally {
      if (observed) observed.notedFailures = context.notedFailures;
      context.release();
    }
  }

  /** graphql-js executes mutations, which are few; a plan executes the rest. */
  #execution({ plan, operation, params }: Run, contextValue: OperationContext) {
    const { schema, mask, onEvent } = this.#options;
    const args: ExecutionArgs & { readonly contextValue: OperationContext } = {
      schema,
      document: plan.document,
      contextValue,
      operationName: params.operationName ?? null,
      variableValues: params.variables ?? null,
      hideSuggestions: true,
      options: { maxCoercionErrors },
    };
    const { operation: kind, variableDefinitions = [] } = operation.node;
    if (kind === OperationTypeNode.MUTATION) return execute(args);
    const coercion = { hideSuggestions: true, maxErrors: maxCoercionErrors };
    const { errors, coerced: variables } = getVariableValues(
      schema,
      variableDefinitions,
      params.variables ?? {},
      coercion,
    );
    if (errors) return { errors };
    const planned = { plan: operation.executionPlan(variables), variables };
    if (kind === OperationTypeNode.QUERY) return executePlanned({ contextValue, ...planned });
    return subscribeShared(args, { mask, onEvent, turns: this.#turns, planned });
  }

  #resultFor({ caller }: TransportScope, result: ExecutionResult, context: OperationContext): ExecutionResult {
    const capped = withCappedErrors(result);
    const visible =
      !this.#mayReadSchema(caller) && isAboutVariables(capped)
        ? { errors: [misfit('The variables do', 'INVALID_INPUT')] }
        : capped;
    return withMaskedErrors(withReported(visible, context), this.#options.mask);
  }
}

/** An operation that is being run. */
interface Run {
  readonly plan: DocumentPlan;
  readonly operation: OperationPlan;
  readonly params: OperationParams;
  readonly scope: TransportScope;
  readonly observed: Observed | undefined;
}

/** graphql-js adds one error of its own when it stops. */
const maxCoercionErrors = defaultErrorLimits.errors - 1;

const invalid: HttpFacts = { status: 400, spec: true };

function refusalOf(error: GraphQLError): ExecutionResult {
  return { errors: [withHttp(error, statusOf(error))] };
}

/** 429 for a refusal that says when to retry, else as for an invalid document. */
function statusOf({ extensions: { retryAfterMs } }: GraphQLError): HttpFacts {
  if (typeof retryAfterMs !== 'number') return invalid;
  return { status: 429, headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) } };
}

function unresolved(): GraphQLError {
  return new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });
}

function mutationByGet(): GraphQLError {
  const http = { status: 405, headers: { Allow: 'POST' } };
  return badRequest('Can only perform a mutation operation from a POST request.', http);
}

/** Replaces an error that names parts of the schema. */
function misfit(what: string, code: 'GRAPHQL_VALIDATION_FAILED' | 'INVALID_INPUT'): GraphQLError {
  return new GraphQLError(`${what} not fit the schema. Where is shown only with the scope schema:read.`, {
    extensions: { code },
  });
}

/** The error for a caller without `schema:read` where reading the schema takes it. */
export function schemaRefusal(): GraphQLError {
  return new GraphQLError('Reading the schema takes the scope schema:read.', {
    extensions: { code: 'FORBIDDEN', scope: 'schema:read', retryable: false },
  });
}
