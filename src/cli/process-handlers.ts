/** Handles uncaught errors of the process, and replaces Node's own ways of writing diagnostics. */
import type { Clock } from '../base/clock.ts';
import { unexpected } from '../log/unexpected.ts';

export interface UncaughtOptions {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Makes the gateway refuse new operations. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
  readonly exit: (code: number) => void;
}

/** The time that a load balancer gets to notice that the process is not ready. */
const noticeMs = 1_000;

/** Operations under way after this are cut off. */
const drainMs = 5_000;

/** Ends the process with code 1 after an uncaught error, since its state may be inconsistent. */
export function exitOnUncaught({ clock, log, drain, close, exit }: UncaughtOptions): void {
  let isEnding = false;
  const end = (error: unknown): void => {
    log(unexpected(error));
    if (isEnding) return;
    isEnding = true;
    drain();
    const exitFailed = (): void => exit(1);
    clock.schedule(exitFailed, drainMs);
    clock.schedule(() => void close().then(exitFailed, exitFailed), noticeMs);
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
}

/** Ignores errors of stdout: output to a closed pipe or a full disk is lost, but does not end the process. */
export function ignoreOutputErrors(): void {
  process.stdout.on('error', () => {});
}

/**
 * On SIGUSR1 Node starts a debugger, and it can be configured to write its memory or a report on a signal; a listener
 * of the program replaces both. Node's warnings may quote anything, so they are logged by name and code. What libraries
 * write to the console becomes log lines, with errors reduced to their kind and frames.
 */
export function replaceNodeDiagnostics(log: (line: string) => void): void {
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.removeAllListeners(signal).on(signal, () => {});
  if (process.report) {
    process.report.reportOnSignal = false;
    process.report.reportOnUncaughtException = false;
    process.report.reportOnFatalError = false;
  }
  for (const method of ['error', 'warn'] as const)
    console[method] = (...args: unknown[]) => log(`console: ${args.map(consoleText).join(' ')}`);
  process.removeAllListeners('warning').on('warning', ({ name, code }: Error & { code?: string }) => {
    log(
      `warning of Node: ${/^\w{1,50}$/.test(name) ? name : 'Warning'}${code && /^\w{1,50}$/.test(code) ? ` ${code}` : ''}`,
    );
  });
}

function consoleText(value: unknown): string {
  return typeof value === 'string' ? value : unexpected(value);
}
