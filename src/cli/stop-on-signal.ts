/** What happens at SIGTERM and SIGINT: an end in order, in bounded time. */
import { systemClock } from '../app/system-clock.ts';

/** What is not closed by then is cut off: whoever sent the signal would kill the process next. */
export const hardExitMs = 10_000;

export type Ending = 'closed' | 'too late';

export interface StopOptions {
  /** Ends what runs; a rejection is handed to `onFailure`. */
  readonly close: () => Promise<void>;
  /** Has the last word before the process exits. */
  readonly onEnd?: (how: Ending) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Closes at the first signal and exits, with 0 if in time and with 1 if not. A second signal does not wait. */
export function stopOnSignal({ close, onEnd, onFailure }: StopOptions): void {
  const end = (how: Ending): never => {
    onEnd?.(how);
    process.exit(how === 'closed' ? 0 : 1);
  };
  const stop = (): void => {
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
    systemClock.schedule(() => end('too late'), hardExitMs);
    close().then(() => end('closed'), onFailure);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}
