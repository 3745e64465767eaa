/** When somebody who is connected must be cut off. */
import type { Clock } from '../base/clock.ts';
import type { Authenticator } from './authenticator.ts';
import type { Caller } from './caller.ts';

/**
 * No timer is set for longer: Node fires one beyond 2^31 ms at once, and a machine that slept or whose clock was set
 * would go on by the old time.
 */
const longestWaitMs = 60_000;

export interface RightsEndOptions {
  readonly authenticator: Authenticator;
  readonly caller: Caller;
  readonly clock: Clock;
  /** Called once, and never before `whenRightsEnd` has returned. */
  readonly onEnd: () => void;
}

/** Calls back when the caller's rights end, by time or by revocation; the function it returns prevents that. */
export function whenRightsEnd({ authenticator, caller, clock, onEnd }: RightsEndOptions): () => void {
  let cancel = (): void => {};
  const stop = (): void => {
    cancel();
    ignoreChanges();
  };
  const look = (): void => {
    cancel();
    const now = presentCaller(authenticator, caller);
    if (now === undefined) cancel = clock.schedule(end, 0);
    else if (now.expiresAt !== undefined) cancel = clock.schedule(look, waitFor(now.expiresAt - clock.now()));
  };
  const end = (): void => {
    stop();
    onEnd();
  };
  const ignoreChanges = authenticator.onChange(look);
  look();
  return stop;
}

/** The caller with the rights of this moment. Where nobody can say what they are, there are none. */
export function presentCaller(authenticator: Authenticator, caller: Caller): Caller | undefined {
  try {
    return authenticator.current(caller);
  } catch {
    return undefined;
  }
}

function waitFor(remainingMs: number): number {
  return Math.min(Math.max(remainingMs, 0), longestWaitMs);
}
