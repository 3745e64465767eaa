/** Keeps a line of the log one line for every reader. */

/** Characters that some reader takes for a line end, a change of direction or nothing; written as JSON escapes. */
const misleading = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** A text of JSON without line ends, and with misleading characters as escapes. */
export function oneLine(line: string): string {
  return line
    .replace(/[\r\n]/g, ' ')
    .replace(misleading, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
