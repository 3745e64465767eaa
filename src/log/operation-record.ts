/**
 * The log record of one operation. It contains nothing that a caller wrote, except a valid operation name, and no name
 * of the caller.
 */
export interface OperationRecord {
  readonly transport: 'http' | 'sse' | 'websocket';
  readonly durationMs: number;
  /** The codes of its errors, including those of `userErrors`; empty if it succeeded. */
  readonly codes: readonly string[];
  /** Undefined if the operation has no valid name. */
  readonly operation?: string | undefined;
  /** The beginning of the hash of the document's text. */
  readonly document?: string | undefined;
  /** Undefined if the document is invalid. */
  readonly kind?: 'mutation' | 'query' | 'subscription' | undefined;
  /** The estimated cost, which decides whether the operation may run. */
  readonly cost?: number | undefined;
  /** The number of events of a stream; undefined for a single result. */
  readonly events?: number | undefined;
  /** The beginning of the hash of the caller's id: equal for the same caller, without the name. */
  readonly caller?: string | undefined;
}
