/** Why a stream cannot begin or go on, in words that reach its reader as they are. */
export type StreamErrorCode = 'CURSOR_INVALID' | 'FORBIDDEN' | 'SHUTTING_DOWN' | 'SLOW_CONSUMER';

export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: StreamErrorCode;
  /** Where to take the stream up again, as `after`; absent where a new stream is the only way. */
  readonly cursor: string | undefined;

  constructor(code: StreamErrorCode, message: string, cursor?: string) {
    super(message);
    this.code = code;
    this.cursor = cursor;
  }
}
