/**
 * A second XML reader to compare with: written by hand from the grammar of XML 1.0, without a library, so that it
 * shares no fault with the gateway's reader. It accepts no DOCTYPE.
 */

export interface XmlNode {
  /** Without a namespace prefix. */
  readonly name: string;
  readonly children: readonly XmlNode[];
  /** The character data directly inside the element, with references decoded. */
  readonly text: string;
}

const nameStart = ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D';
const name = `[${nameStart}][${nameStart}0-9.\\u00B7\\u0300-\\u036F-]*`;
/** Attributes are ignored: no reply uses them. */
const attribute = `\\s+${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`;

const openingTag = new RegExp(`<(${name})((?:${attribute})*)\\s*(/?)>`, 'y');
const closingTag = new RegExp(`</(${name})\\s*>`, 'y');
const characterData = /[^<&]+/y;
const reference = /&(?:#(\d+)|#x([0-9A-Fa-f]+)|(amp|apos|gt|lt|quot));/y;
const cdata = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const aside = /<!--(?:(?!--)[\s\S])*-->|<\?[^?>][\s\S]*?\?>/y;
const space = /[ \t\r\n]+/y;

const entities: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

/** Returns the root element of the document in `bytes`. Throws if it is not well-formed UTF-8. */
export function strictXml(bytes: Uint8Array): XmlNode {
  const source = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(source)) throw new Error('a forbidden character');
  const scanner = new Scanner(source);
  scanner.skipAsides();
  const root = scanner.element();
  scanner.skipAsides();
  scanner.expectEnd();
  return root;
}

class Scanner {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** White space, comments and instructions, including the XML declaration. */
  skipAsides(): void {
    while (this.#take(space) || this.#take(aside)) {}
  }

  expectEnd(): void {
    if (this.#at < this.#source.length) throw new Error('something after the root element');
  }

  element(): XmlNode {
    const opening = this.#take(openingTag);
    if (!opening) throw new Error('no element');
    const [, fullName = '', attributes = '', slash] = opening;
    expectDistinct(attributes);
    const content = slash ? { children: [], text: '' } : this.#content(fullName);
    return { name: fullName.replace(/^.*:/, ''), ...content };
  }

  #content(fullName: string): Omit<XmlNode, 'name'> {
    const children: XmlNode[] = [];
    let text = '';
    for (;;) {
      const piece = this.#textPiece();
      if (piece !== undefined) text += piece;
      else if (this.#take(aside)) continue;
      else if (this.#source.startsWith('</', this.#at)) break;
      else children.push(this.element());
    }
    if (this.#take(closingTag)?.[1] !== fullName) throw new Error('tags that do not match');
    return { children, text };
  }

  #textPiece(): string | undefined {
    const plain = this.#take(characterData)?.[0];
    if (plain?.includes(']]>')) throw new Error('the end of a CDATA section that never began');
    return plain ?? this.#take(cdata)?.[1] ?? this.#character();
  }

  #character(): string | undefined {
    const found = this.#take(reference);
    if (!found) return undefined;
    const [, decimal, hexadecimal, entity] = found;
    if (entity !== undefined) return entities[entity];
    const character = String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '', 16));
    if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(character)) throw new Error('no character');
    return character;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}

function expectDistinct(attributes: string): void {
  const names = [...attributes.matchAll(/([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)].map((match) => match[1]);
  if (new Set(names).size < names.length) throw new Error('an attribute that occurs twice');
}
