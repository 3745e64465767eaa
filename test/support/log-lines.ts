/** Finds unexpected lines in the log of a gateway process. */

interface LogRecord {
  readonly level?: unknown;
  readonly linesLeftOut?: unknown;
}

/** The lines that are no records of level `info`. */
export function complaintsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !isExpected(line));
}

/** A note about left-out lines, which a fast machine may cause, is expected. */
function isExpected(line: string): boolean {
  try {
    const { level, linesLeftOut } = JSON.parse(line) as LogRecord;
    return level === 'info' || linesLeftOut !== undefined;
  } catch {
    return false;
  }
}
