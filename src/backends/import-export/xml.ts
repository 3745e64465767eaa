/** The structure of a reply: one root element, read strictly, for a parser that forgives too much by itself. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { withoutReferences, XmlError, xmlText } from './xml-text.ts';

/** Text, or child elements by their local names; a name that occurs again makes a list. */
export type XmlValue = string | XmlElement | readonly XmlValue[];
export interface XmlElement {
  readonly [name: string]: XmlValue;
}

export interface XmlDocument {
  /** Local name of the root element. */
  readonly root: string;
  readonly content: XmlValue;
}

const textName = '#text';

const parser = new XMLParser({
  // 32 levels: the parser counts the root as none.
  maxNestedTags: 31,
  textNodeName: textName,
  // Ids such as 00123 and 1E5 are text, and the white space of a manifest is its own.
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  jPath: false,
  isArray: (name) => name === 'member',
  // The built-in decoder leaves character references such as &#13; as they are.
  entityDecoder: {
    decode: withoutReferences,
    addInputEntities: () => {},
    reset: () => {},
    setExternalEntities: () => {},
    setXmlVersion: () => {},
  },
});

/** The longest tag of a reply, with its namespace, has 85 characters. */
const oversizedTag = /<[^!<>][^<>]{1023}/;

/**
 * Parses a whole document. Elements named `member` are always in a list; attributes and namespaces are dropped. Throws
 * `XmlError` for anything that is not one well-formed element, and for any DOCTYPE.
 */
export function parseXml(bytes: Uint8Array): XmlDocument {
  const text = xmlText(bytes);
  if (/<!DOCTYPE/i.test(text)) throw new XmlError('expected no DOCTYPE');
  if (oversizedTag.test(text)) throw new XmlError('expected shorter tags');
  // The validator takes references behind the root element, which the parser then does not see.
  if (XMLValidator.validate(text) !== true || !/>\s*$/.test(text)) throw new XmlError('expected well-formed XML');
  const [root, ...others] = Object.entries(parsed(text));
  // The validator takes a second root after an empty element, and CDATA beside the root.
  if (root === undefined || others.length > 0 || Array.isArray(root[1])) {
    throw new XmlError('expected one root element');
  }
  assertUnmixed(root[1]);
  return { root: root[0], content: root[1] };
}

function parsed(text: string): XmlElement {
  try {
    const { [textName]: outside = '', ...roots } = parser.parse(text);
    if (outside.trim() !== '') throw new XmlError('expected no text outside the root element');
    return roots;
  } catch (error) {
    // The parser's own messages quote the document around a fault.
    throw error instanceof XmlError ? error : new XmlError('expected XML that can be parsed');
  }
}

/** Refuses text between child elements: in these replies it is the rest of an element that was damaged. */
function assertUnmixed(value: XmlValue): void {
  if (typeof value === 'string') return;
  for (const [name, child] of Object.entries(value)) {
    if (name === textName && typeof child === 'string' && child.trim() !== '') {
      throw new XmlError('expected no text between elements');
    }
    assertUnmixed(child);
  }
}
