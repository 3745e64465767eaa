/** The reasons why a reply was not received whole. */
import { BodyTooLargeError, isConnectFailure } from './transport.ts';

export type LossReason =
  | 'body broken off'
  | 'body too large'
  /** For a write only before it was sent. */
  | 'caller left'
  | 'connection lost'
  /** Nothing was sent. */
  | 'not connected'
  /** Nothing was sent: no credentials came in time, or the request could not be written. */
  | 'not signed'
  | 'too late';

/** Thrown within an exchange. The codec of the service converts it into the error that callers see. */
export class LostReply extends Error {
  override readonly name = 'LostReply';
  readonly reason: LossReason;

  /** If the caller left, `cause` is the reason of their signal. */
  constructor(reason: LossReason, cause: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** What may end the wait for a reply. */
export interface Ending {
  /** Absent for a write that was sent: it may take effect, so its outcome is needed even if the caller has gone. */
  readonly caller: AbortSignal | undefined;
  /** Fires when the caller leaves, or when the time is up. */
  readonly signal: AbortSignal;
}

/** The transport failed with `cause` before it had a reply. */
export function lostBeforeReply(cause: unknown, { caller, signal }: Ending): LostReply {
  if (caller?.aborted) return new LostReply('caller left', caller.reason);
  if (isConnectFailure(cause)) return new LostReply('not connected', cause);
  return new LostReply(signal.aborted ? 'too late' : 'connection lost', cause);
}

/** The reading of a body failed with `cause`. */
export function lostWithinBody(cause: unknown, { caller, signal }: Ending): LostReply {
  if (caller?.aborted) return new LostReply('caller left', caller.reason);
  if (cause instanceof BodyTooLargeError) return new LostReply('body too large', cause);
  return new LostReply(signal.aborted ? 'too late' : 'body broken off', cause);
}
