/** Are the values beside a document small enough to be looked at? */
import { GraphQLError } from 'graphql';

export interface VariableLimits {
  /** Of one string, in bytes of UTF-8. */
  readonly stringBytes: number;
  /** Elements of one list, and members of one object. */
  readonly elements: number;
  /** Lists and objects within each other. */
  readonly depth: number;
}

/** The text of a manifest may be 32 kB, and is the longest value that a service takes; one a little longer is told as such. */
export const defaultVariableLimits: VariableLimits = { stringBytes: 50_000, elements: 1_000, depth: 32 };

/**
 * The error with the code `INVALID_INPUT` if a value among `variables` is too long or too deep, whether or not the document
 * uses it. Tells neither names nor values.
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
