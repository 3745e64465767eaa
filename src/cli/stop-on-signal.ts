/**
 * Shuts a command down in order at SIGTERM or SIGINT, in bounded time. What a gateway closes, and in which order, is in `serve.ts`
 * (`stopGracefully`) and `app/server.ts` (`close`).
 */
import { systemClock } from '../app/system-clock.ts';

/** What is not closed by then is cut off, before the supervisor kills the process. */
export const hardExitMs = 10_000;

export type Ending = 'closed' | 'too late';

export interface StopOptions {
  /** Shuts down; a rejection goes to `onFailure`. */
  readonly close: () => Promise<void>;
  /** Called before the process exits. */
  readonly onEnd?: (how: Ending) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Shuts down at the first signal, and exits with 0 if in time and 1 if not. A second signal exits at once. */
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
