/** Loads code into a process before the program, so that a test can affect it. */

/** Arguments for Node, before the program. */
export function preload(code: string): readonly string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

/** Runs `code` on each `signal`, which the program must not handle itself. */
export function onSignal(signal: NodeJS.Signals, code: string): readonly string[] {
  return preload(`process.on('${signal}', () => { ${code} });`);
}
