/** Applies the limits of an operation, on every transport that runs it with Yoga's functions. */
import { type DocumentNode, type ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Walk, walkDocument } from './document-walker.ts';
import { costOf } from './operation-cost.ts';
import { defaultOperationLimits, type OperationLimits, tooComplex } from './operation-limits.ts';
import { parseWithin } from './parse-limit.ts';
import { defaultVariableLimits, type VariableLimits, variableFault } from './variable-limits.ts';

export interface AdmissionOptions<Context> {
  readonly limits?: OperationLimits;
  readonly variableLimits?: VariableLimits;
  /** Charges the points to the caller; the error if the caller has too few left. */
  readonly charge?: (context: Context, cost: number) => Promise<GraphQLError | undefined>;
}

export type Admission = { readonly cost: number } | { readonly refused: GraphQLError };

/** Whether a valid operation, whose document was measured, may run with these variables. */
export function admitOperation(
  args: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>,
  limits: OperationLimits = defaultOperationLimits,
  variableLimits: VariableLimits = defaultVariableLimits,
): Admission {
  const { schema, document, operationName, variableValues: variables } = args;
  const fault = variableFault(variables, variableLimits);
  if (fault) return { refused: fault };
  // If the document does not say which operation to run, execution refuses it.
  const cost = costOf({ schema, document, operationName, variables }, limits.nodes + limits.introspectionNodes) ?? 1;
  return cost > limits.cost ? { refused: tooComplex('cost', limits.cost) } : { cost };
}

/**
 * Limits tokens in the parser; before validation, what can be measured without variables; and before the first resolver
 * or the start of a subscription, the sizes of variables, the cost and the caller's budget.
 */
export function useOperationLimits<Context extends object>({
  limits = defaultOperationLimits,
  variableLimits = defaultVariableLimits,
  charge,
}: AdmissionOptions<Context> = {}): Plugin<Context> {
  // Yoga caches parsed documents, so a repeated document is measured once.
  const walks = new WeakMap<DocumentNode, Walk>();
  const walkOf = (document: DocumentNode): Walk => {
    const walk = walks.get(document) ?? walkDocument(document, limits);
    walks.set(document, walk);
    return walk;
  };
  const refusalOf = async (args: ExecutionArgs): Promise<GraphQLError | undefined> => {
    const admission = admitOperation(args, limits, variableLimits);
    return 'refused' in admission ? admission.refused : charge?.(args.contextValue as Context, admission.cost);
  };
  const admit = async ({ args, setResultAndStopExecution }: Hook): Promise<void> => {
    const refusal = await refusalOf(args);
    if (refusal) setResultAndStopExecution({ errors: [isOverHttp(args) ? withStatus(refusal) : refusal] });
  };
  return {
    onParse: ({ setParseFn }) => setParseFn((source, options) => parseWithin(limits, source, options)),
    onValidate({ params, setResult }) {
      const walk = walkOf(params.documentAST);
      if ('refused' in walk) setResult([tooComplex(walk.refused, limits[walk.refused])]);
    },
    onExecute: (hook) => admit(hook),
    onSubscribe: (hook) => admit(hook),
  };
}

interface Hook {
  readonly args: ExecutionArgs;
  readonly setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void;
}

/** Yoga puts the request into the context of an operation over HTTP. */
function isOverHttp({ contextValue }: ExecutionArgs): boolean {
  return typeof contextValue === 'object' && contextValue !== null && 'request' in contextValue;
}

/** Adds the HTTP status, which Yoga uses and removes: 429 if the caller should slow down, else that of an invalid document. */
function withStatus(error: GraphQLError): GraphQLError {
  const { retryAfterMs } = error.extensions;
  const http =
    typeof retryAfterMs === 'number'
      ? { status: 429, headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) } }
      : { status: 400, spec: true };
  return new GraphQLError(error.message, { extensions: { ...error.extensions, http } });
}
