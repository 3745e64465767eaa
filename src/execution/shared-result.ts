/** The result of one event, executed, masked and serialized once for all readers; each receives its own cursor. */
import { randomBytes } from 'node:crypto';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { type MaskError, withMaskedErrors, withoutHttpFacts } from './operation-result.ts';

/** A placeholder for the cursor in a shared result. It is random, so that no text of a service can equal it. */
export const cursorPlaceholder = `cursor ${randomBytes(16).toString('base64url')}`;

const serializedPlaceholder = JSON.stringify(cursorPlaceholder);

/** A result as one reader receives it. */
export interface ReaderResult {
  readonly errors?: readonly GraphQLError[];
  /** The whole result as JSON. */
  readonly text: string;
}

export class SharedResult {
  /** The masked errors; absent if the result has none. */
  readonly errors?: readonly GraphQLError[];
  /** The JSON of the result, split at its cursors. */
  readonly #parts: readonly string[];

  constructor(result: ExecutionResult, mask: MaskError) {
    const masked = withoutHttpFacts(withMaskedErrors(result, mask));
    if (masked.errors !== undefined) this.errors = masked.errors;
    this.#parts = JSON.stringify(masked).split(serializedPlaceholder);
  }

  for(cursor: string): ReaderResult {
    const text = this.#parts.join(JSON.stringify(cursor));
    return this.errors === undefined ? { text } : { errors: this.errors, text };
  }
}
