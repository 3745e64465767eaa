/** Decodes the bytes and references of an XML document (XML 1.0, fifth edition, sections 2.2, 4.1 and 4.3.3). */

/** Thrown for XML that is malformed or has features that no reply needs. Its message never quotes the document. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** Forbidden in XML, even as a character reference: the complement of the production `Char`. */
const forbiddenCharacter = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const declaration = /^(?:\u00EF\u00BB\u00BF)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/;

/** Longer than any XML declaration. */
const declarationBytes = 256;

/** Decodes UTF-8, with or without a byte order mark, or ISO-8859-1 where that is declared. Throws `XmlError`. */
export function xmlText(bytes: Uint8Array): string {
  const text = decoded(bytes, declaredEncoding(bytes));
  if (forbiddenCharacter.test(text)) throw new XmlError('expected only characters that XML allows');
  return text;
}

function declaredEncoding(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, declarationBytes)).toString('latin1');
  return declaration.exec(start)?.[1]?.toLowerCase() ?? 'utf-8';
}

function decoded(bytes: Uint8Array, encoding: string): string {
  // Not TextDecoder('iso-8859-1'): that name means windows-1252 there.
  if (encoding === 'iso-8859-1') return Buffer.from(bytes).toString('latin1');
  if (encoding !== 'utf-8' && encoding !== 'us-ascii') throw new XmlError('expected UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlError('expected valid UTF-8');
  }
}

const predefinedEntities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['apos', "'"],
  ['gt', '>'],
  ['lt', '<'],
  ['quot', '"'],
]);

/** `text` with its character and entity references decoded, each once: `&amp;lt;` becomes `&lt;`. Throws `XmlError`. */
export function withoutReferences(text: string): string {
  return text.replace(/&(?:([^&;]{1,12});)?/g, (_reference, name: string | undefined) => {
    const character = name === undefined ? undefined : (predefinedEntities.get(name) ?? numberedCharacter(name));
    if (character === undefined) throw new XmlError('expected only character references and predefined entities');
    return character;
  });
}

function numberedCharacter(name: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name) ?? [];
  const codePoint = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal);
  if (!(codePoint <= 0x10ffff)) return undefined;
  const character = String.fromCodePoint(codePoint);
  return forbiddenCharacter.test(character) ? undefined : character;
}
