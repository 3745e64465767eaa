/** Where the limits of an operation are applied: the same on every transport that runs it by Yoga's functions. */
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
  /** Takes the points of an operation from its caller; the error if the caller has not as many left. */
  readonly charge?: (context: Context, cost: number) => Promise<GraphQLError | undefined>;
}

export type Admission = { readonly cost: number } | { readonly refused: GraphQLError };

/** Whether an operation that is valid, and whose document was walked, may run with these variables. */
export function admitOperation(
  args: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>,
  limits: OperationLimits = defaultOperationLimits,
  variableLimits: VariableLimits = defaultVariableLimits,
): Admission {
  const { schema, document, operationName, variableValues: variables } = args;
  const fault = variableFault(variables, variableLimits);
  if (fault) return { refused: fault };
  // Where the document does not say which operation to run, execution refuses it.
  const cost = costOf({ schema, document, operationName, variables }, limits.nodes + limits.introspectionNodes) ?? 1;
  return cost > limits.cost ? { refused: tooComplex('cost', limits.cost) } : { cost };
}

/**
 * Limits tokens in the parser, what can be measured without variables before validation, and sizes of variables, cost and
 * the caller's budget before the first resolver and before a subscription starts.
 */
export function useOperationLimits<Context extends object>({
  limits = defaultOperationLimits,
  variableLimits = defaultVariableLimits,
  charge,
}: AdmissionOptions<Context> = {}): Plugin<Context> {
  // Yoga keeps parsed documents, so that a document that comes often is measured once.
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

/** Yoga puts the request into the context of an operation that came by HTTP. */
function isOverHttp({ contextValue }: ExecutionArgs): boolean {
  return typeof contextValue === 'object' && contextValue !== null && 'request' in contextValue;
}

/** Adds what Yoga takes for the status and then removes: 429 for a caller to slow down, else as for an invalid document. */
function withStatus(error: GraphQLError): GraphQLError {
  const { retryAfterMs } = error.extensions;
  const http =
    typeof retryAfterMs === 'number'
      ? { status: 429, headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) } }
      : { status: 400, spec: true };
  return new GraphQLError(error.message, { extensions: { ...error.extensions, http } });
}
