/** Hides the secret lines of a manifest. */

const mask = '[secret]';

/** The service's own names are `trueCryptPassword`, `pinCode` and `accessKeyId`. People write the others by mistake. */
const secretName = /access_?key|credential|pass_?phrase|password|pin_?code|secret|signature|token/i;

/** A key, quoted or not, anywhere in a line. */
const key = /(?<![\w-])["']?(\w+)["']?\s*(?::|$)/g;

/**
 * A quoted key with escapes, which may spell a secret name. A quoted text behind a colon and at the end of its line is
 * a value, and does not match. Here and below a lookbehind comes after the character that it starts from: before that
 * character, the search would scan a long run of spaces again from each space.
 */
const escapedKey = /"(?:[^"\\]*\\.){1,40}[^"]*"\s*:|"(?<!\\"|:\s*")(?:[^"\\]*\\.){1,40}[^"]*"\s*$/;

/** An anchor: a secret name elsewhere may refer to its value. */
const anchor = /&(?<=[:-]\s*&)[\w-]+(?=\s|$)/;

/** A line that can only be the next entry of a map or list, or the next document. */
const nextEntry = /^\s*(?:-\s|["']?[A-Za-z_][\w.-]*["']?\s*:|---|\.\.\.)/;

/**
 * `manifest` with the values of its secret keys replaced, and the lines that may continue such a value. It is scanned
 * and not parsed: the service accepts forms that no YAML parser does, and a hostile manifest could crash a parser. A
 * doubtful line is hidden.
 */
export function withoutSecrets(manifest: string): string {
  let hiddenBelow: number | undefined;
  return manifest.replace(/[^\r\n\u0085\u2028\u2029]*\S[^\r\n\u0085\u2028\u2029]*/g, (line) => {
    const secret = secretIn(line);
    if (secret) {
      hiddenBelow = firstColumn(line);
      return `${line.slice(0, secret.index)}${secret[0].trimEnd()} ${mask}`;
    }
    if (hiddenBelow !== undefined && continues(line, hiddenBelow)) return `${indentation(line)}${mask}`;
    hiddenBelow = undefined;
    return line;
  });
}

/** The first match on `line` that a secret follows. */
function secretIn(line: string): RegExpExecArray | undefined {
  const named = [...line.matchAll(key)].find(([, name = '']) => secretName.test(name));
  const found = [named, escapedKey.exec(line), anchor.exec(line)].filter((match) => match != null);
  return found.sort((a, b) => a.index - b.index)[0];
}

/** A line continues a value if it is indented deeper than the value's entry, or does not look like an entry. */
function continues(line: string, entryColumn: number): boolean {
  return indentation(line).length > entryColumn || !nextEntry.test(line);
}

/** The column of the entry on `line`, after the dashes of its lists. */
function firstColumn(line: string): number {
  return line.search(/[^\s-]/);
}

function indentation(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}
