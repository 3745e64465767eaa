/** What is written down of one operation: nothing that a caller wrote in it, and no name of theirs. */
export interface OperationRecord {
  readonly transport: 'http' | 'sse' | 'websocket';
  readonly durationMs: number;
  /** What went wrong, by codes only, those of `userErrors` included; empty where nothing did. */
  readonly codes: readonly string[];
  /** Absent where it has none, or none that is a name and nothing else. */
  readonly operation?: string;
  /** The beginning of the hash of the document's text. */
  readonly document?: string;
  /** Absent where the document is not valid. */
  readonly kind?: 'mutation' | 'query' | 'subscription';
  /** By the estimate that decides whether it may run. */
  readonly cost?: number;
  /** Of a stream: how many were sent. */
  readonly events?: number;
  /** The beginning of the hash of the caller's id: the same caller is the same word, and no name. */
  readonly caller?: string;
}
