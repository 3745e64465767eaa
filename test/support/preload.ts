/** Code that is loaded before the program and lives in its process: how a test does something to a process from outside. */

/** For Node, before the program. */
export function preload(code: string): readonly string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

/** Runs `code` whenever `signal` comes, which must be one that the program leaves alone. */
export function onSignal(signal: NodeJS.Signals, code: string): readonly string[] {
  return preload(`process.on('${signal}', () => { ${code} });`);
}

/** What `idle-gauge.ts` is to a gateway in the test's own process: one that takes work on however late its loop is. */
export const unhurried = preload(`import hooks from 'node:perf_hooks';
  import { syncBuiltinESMExports } from 'node:module';
  hooks.monitorEventLoopDelay = () => ({ enable() {}, disable() {}, reset() {}, percentile: () => 0 });
  syncBuiltinESMExports();`);
