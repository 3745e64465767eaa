/** The error that ends a stream. Its message reaches the reader unmasked. */
export type StreamErrorCode = 'CURSOR_INVALID' | 'FORBIDDEN' | 'SLOW_CONSUMER';

export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: StreamErrorCode;
  /** The cursor to resume from, as `after`; absent if only a new stream can follow. */
  readonly cursor: string | undefined;

  constructor(code: StreamErrorCode, message: string, cursor?: string) {
    super(message);
    this.code = code;
    this.cursor = cursor;
  }
}

/**
 * The gateway stops before the stream is over. Its reader resumes with the last cursor after the connection is lost; a
 * message about an end would keep them from it.
 */
export class StreamInterrupted extends Error {
  override readonly name = 'StreamInterrupted';
}
