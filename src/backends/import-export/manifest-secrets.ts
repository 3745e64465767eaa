/** Which lines of a manifest are secret, and what is shown in their place. */

const mask = '[secret]';

/** The service's own are `trueCryptPassword`, `pinCode` and `accessKeyId`; the others are what people write by mistake. */
const secretName = /access_?key|credential|pass_?phrase|password|pin_?code|secret|signature|token/i;

/** A key, quoted or not, anywhere in a line. */
const key = /(?<![\w-])["']?(\w+)["']?\s*(?::|$)/g;

/**
 * A key with escapes in it, which may spell a secret name. What ends its line behind a colon is a value. Here and below a look
 * behind stands after the character that it is about: before it, a long run of spaces would be walked back from each of them.
 */
const escapedKey = /"(?:[^"\\]*\\.){1,40}[^"]*"\s*:|"(?<!\\"|:\s*")(?:[^"\\]*\\.){1,40}[^"]*"\s*$/;

/** An anchor, whose value may be used under a secret name elsewhere. */
const anchor = /&(?<=[:-]\s*&)[\w-]+(?=\s|$)/;

/** A line that can only be the next entry of a map or list, or the next document. */
const nextEntry = /^\s*(?:-\s|["']?[A-Za-z_][\w.-]*["']?\s*:|---|\.\.\.)/;

/**
 * `manifest` with the values of its secret keys replaced line by line, along with whatever may continue such a value on
 * further lines. It is not parsed: the service takes forms that no YAML parser does, and a parser could be made to end the
 * process. In doubt a line is hidden.
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

/** The first thing on `line` that a secret follows. */
function secretIn(line: string): RegExpExecArray | undefined {
  const named = [...line.matchAll(key)].find(([, name = '']) => secretName.test(name));
  const found = [named, escapedKey.exec(line), anchor.exec(line)].filter((match) => match != null);
  return found.sort((a, b) => a.index - b.index)[0];
}

/** A value's further lines stand deeper than the entry it belongs to, or look like no entry of their own. */
function continues(line: string, entryColumn: number): boolean {
  return indentation(line).length > entryColumn || !nextEntry.test(line);
}

/** Where the entry on `line` begins, after the dashes of the lists that it is in. */
function firstColumn(line: string): number {
  return line.search(/[^\s-]/);
}

function indentation(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}
