/** What a gateway of its own process complained of. */

interface LogRecord {
  readonly level?: unknown;
  readonly linesLeftOut?: unknown;
}

/** The lines that are not records of the level `info`: complaints, and whatever is no record at all. */
export function complaintsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !isUsual(line));
}

/** That a fast machine had more to tell in a second than the log takes is no complaint. */
function isUsual(line: string): boolean {
  try {
    const { level, linesLeftOut } = JSON.parse(line) as LogRecord;
    return level === 'info' || linesLeftOut !== undefined;
  } catch {
    return false;
  }
}
