/** Parses single values of a manifest, all as plain text: `yes`, `2.0` and `49382` stay unchanged. */

/**
 * The text without YAML's quotes. A semicolon at the end is dropped as well, since a manifest in the help of the AWS
 * CLI has one (`manifestVersion: 2.0;`); within the text it stays.
 */
export function scalarFrom(source: string): string {
  const text = source.replace(/(?<!\s)\s*;$/, '');
  if (/^".*"$/s.test(text)) return doubleQuoted(text);
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  return text;
}

/** The escapes that YAML shares with JSON; with any other the text stays unchanged. */
function doubleQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** The header of a YAML block text: `|` keeps line ends, `>` folds them; `-` and `+` decide about the last ones. */
export const blockHeader = /^([|>])([+-]?)$/;

/** The text under such a header. `lines` are raw; the first one that is not blank sets the indentation. */
export function blockText(style: string, ending: string, lines: readonly string[]): string {
  const margin = /^\s*/.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
  const text = lines.map((line) => line.slice(margin)).join('\n');
  const folded = style === '>' ? text.replace(/(\S)\n(?=\S)/g, '$1 ') : text;
  return ending === '+' ? folded : folded.replace(/\n+$/, '') + (ending === '-' ? '' : '\n');
}
