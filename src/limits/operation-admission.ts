/** Decides whether an operation whose document is valid may run with its variables. */
import type { GraphQLError } from 'graphql';
import type { Variables } from './argument-values.ts';
import { defaultOperationLimits, type OperationLimits } from './operation-limits.ts';
import { tooComplex } from './too-complex.ts';
import { defaultVariableLimits, type VariableLimits, variableFault } from './variable-limits.ts';

export type Admission = { readonly cost: number } | { readonly refused: GraphQLError };

/** Calls `operation.cost`, which returns points, only if the variables are small enough. */
export function admitOperation(
  operation: { readonly cost: (variables: Variables | undefined) => number },
  variables: Variables | undefined,
  limits: Pick<OperationLimits, 'cost'> = defaultOperationLimits,
  variableLimits: VariableLimits = defaultVariableLimits,
): Admission {
  const fault = variableFault(variables, variableLimits);
  if (fault) return { refused: fault };
  const cost = operation.cost(variables);
  return cost > limits.cost ? { refused: tooComplex('cost', limits.cost) } : { cost };
}
