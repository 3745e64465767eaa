/** Loads code into a process before the program, so that a test can affect it. */

/** Arguments for Node, before the program. */
export function preload(code: string): readonly string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

/** Runs `code` on each `signal`, which the program must not handle itself. */
export function onSignal(signal: NodeJS.Signals, code: string): readonly string[] {
  return preload(`process.on('${signal}', () => { ${code} });`);
}

/** As `idle-gauge.ts`, for a gateway process: it admits operations however late its event loop is. */
export const unhurried = preload(`import hooks from 'node:perf_hooks';
  import { syncBuiltinESMExports } from 'node:module';
  hooks.monitorEventLoopDelay = () => ({ enable() {}, disable() {}, reset() {}, percentile: () => 0 });
  syncBuiltinESMExports();`);
