/** Limits the size of the variables of an operation. */
import { GraphQLError } from 'graphql';

export interface VariableLimits {
  /** The bytes of one string in UTF-8. */
  readonly stringBytes: number;
  /** The elements of one list, or members of one object. */
  readonly elements: number;
  /** The levels of nested lists and objects. */
  readonly depth: number;
}

/**
 * The longest value that a service accepts is the text of a manifest, 32 kB. A value that is only a little longer gets
 * the error of its own field.
 */
export const defaultVariableLimits: VariableLimits = { stringBytes: 50_000, elements: 1_000, depth: 32 };

/**
 * The error with the code `INVALID_INPUT` if a value in `variables` is too long or too deep, whether or not the
 * document uses it. It contains neither names nor values.
 */
export function variableFault(
  variables: unknown,
  limits: VariableLimits = defaultVariableLimits,
): GraphQLError | undefined {
  // The object of all variables is at depth 0.
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value: variables, depth: 0 }];
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    const { value, depth } = each;
    if (typeof value === 'string' && isLonger(value, limits.stringBytes))
      return fault(`strings of at most ${limits.stringBytes} bytes`);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limits.depth) return fault(`values nested at most ${limits.depth} deep`);
    const members = Array.isArray(value) ? value : Object.values(value);
    if (members.length > limits.elements) return fault(`lists of at most ${limits.elements} elements`);
    for (const member of members) pending.push({ value: member, depth: depth + 1 });
  }
  return undefined;
}

function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes);
}

function fault(expected: string): GraphQLError {
  return new GraphQLError(`The variables are too large: expected ${expected}, found more.`, {
    extensions: { code: 'INVALID_INPUT', argument: 'variables', retryable: false },
  });
}
