/** What is done when nothing else is left to do: errors that nobody caught, and Node's own ways of writing things down. */
import type { Clock } from '../base/clock.ts';
import { unexpected } from './unexpected.ts';

export interface LastResort {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Says that nothing new should come here. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
  readonly exit: (code: number) => void;
}

/** Whoever balances the load is given this long to see that the process is not ready. */
const noticeMs = 1_000;

/** What is under way after this is cut off. */
const drainMs = 5_000;

/** Ends the process, with code 1, after an error that nobody caught: what it left behind may be in any state. */
export function exitOnUncaught({ clock, log, drain, close, exit }: LastResort): void {
  let isEnding = false;
  const end = (error: unknown): void => {
    log(unexpected(error));
    if (isEnding) return;
    isEnding = true;
    drain();
    const leave = (): void => exit(1);
    clock.schedule(leave, drainMs);
    clock.schedule(() => void close().then(leave, leave), noticeMs);
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
}

/** What is said to somebody who does not listen any more, at a closed pipe or a full disk, is lost and ends nothing. */
export function outliveOutput(): void {
  process.stdout.on('error', () => {});
}

/**
 * Node starts a debugger on SIGUSR1 and can be told to write its memory or a report on a signal; a listener of our own on it
 * takes its place. Its warnings may quote anything, so they are told by their name and code. What libraries write to the
 * console becomes lines of the log, errors among it without their messages.
 */
export function keepQuiet(log: (line: string) => void): void {
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.removeAllListeners(signal).on(signal, () => {});
  if (process.report) {
    process.report.reportOnSignal = false;
    process.report.reportOnUncaughtException = false;
    process.report.reportOnFatalError = false;
  }
  for (const method of ['error', 'warn'] as const)
    console[method] = (...told: unknown[]) => log(`console: ${told.map(consoleText).join(' ')}`);
  process.removeAllListeners('warning').on('warning', ({ name, code }: Error & { code?: string }) => {
    log(
      `warning of Node: ${/^\w{1,50}$/.test(name) ? name : 'Warning'}${code && /^\w{1,50}$/.test(code) ? ` ${code}` : ''}`,
    );
  });
}

function consoleText(told: unknown): string {
  return typeof told === 'string' ? told : unexpected(told);
}
