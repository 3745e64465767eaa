/** Detects when a connected caller's rights end. */
import type { Clock } from '../base/clock.ts';
import type { Authenticator } from './authenticator.ts';
import type { Caller } from './caller.ts';

/**
 * The longest timer. Node fires a timer beyond 2^31 ms at once, and after the machine slept or its clock was set a long
 * timer would still use the old time.
 */
const maxWaitMs = 60_000;

export interface RightsEndOptions {
  readonly authenticator: Authenticator;
  readonly caller: Caller;
  readonly clock: Clock;
  /** Called once, and never before `whenRightsEnd` has returned. */
  readonly onEnd: () => void;
}

/** Calls `onEnd` when the caller's rights end, by time or by revocation; the returned function prevents that. */
export function whenRightsEnd({ authenticator, caller, clock, onEnd }: RightsEndOptions): () => void {
  let cancel = (): void => {};
  const stop = (): void => {
    cancel();
    ignoreChanges();
  };
  const check = (): void => {
    cancel();
    const now = presentCaller(authenticator, caller);
    if (now === undefined) cancel = clock.schedule(end, 0);
    else if (now.expiresAt !== undefined) cancel = clock.schedule(check, waitFor(now.expiresAt - clock.now()));
  };
  const end = (): void => {
    stop();
    onEnd();
  };
  const ignoreChanges = authenticator.onChange(check);
  check();
  return stop;
}

/** The caller with their present rights; undefined if they cannot be determined. */
export function presentCaller(authenticator: Authenticator, caller: Caller): Caller | undefined {
  try {
    return authenticator.current(caller);
  } catch {
    return undefined;
  }
}

function waitFor(remainingMs: number): number {
  return Math.min(Math.max(remainingMs, 0), maxWaitMs);
}
