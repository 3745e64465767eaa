/** Single values of a manifest. They are plain text: `yes`, `2.0` and `49382` turn into nothing else. */

/**
 * The text that is meant: quotes of YAML are taken off. A semicolon at the end goes too, since a manifest in the help of
 * the AWS CLI has one (`manifestVersion: 2.0;`); inside the text it stays.
 */
export function scalarFrom(written: string): string {
  const text = written.replace(/(?<!\s)\s*;$/, '');
  if (/^".*"$/s.test(text)) return doubleQuoted(text);
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  return text;
}

/** The escapes of YAML that JSON shares; one that it does not share leaves the text as it is. */
function doubleQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** The header of a YAML block text: `|` keeps line ends, `>` folds them; `-` and `+` say what becomes of the last ones. */
export const blockHeader = /^([|>])([+-]?)$/;

/** The text under such a header. `lines` are raw; the first one that is not blank sets the indentation. */
export function blockText(style: string, ending: string, lines: readonly string[]): string {
  const margin = /^\s*/.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
  const text = lines.map((line) => line.slice(margin)).join('\n');
  const folded = style === '>' ? text.replace(/(\S)\n(?=\S)/g, '$1 ') : text;
  return ending === '+' ? folded : folded.replace(/\n+$/, '') + (ending === '-' ? '' : '\n');
}
