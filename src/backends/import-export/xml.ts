/** Parses the XML of a reply strictly: the parser by itself accepts too much. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { withoutReferences, XmlError, xmlText } from './xml-text.ts';

/** Text, or child elements by their local names. A repeated name makes a list. */
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
  // 32 levels: the parser does not count the root.
  maxNestedTags: 31,
  textNodeName: textName,
  // Ids such as 00123 and 1E5 are text, and the white space of a manifest matters.
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  jPath: false,
  isArray: (name) => name === 'member',
  // The built-in decoder does not decode character references such as &#13;.
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
 * Parses a whole document. Elements named `member` always make a list. Drops attributes and namespaces. Throws
 * `XmlError` for anything but one well-formed element, and for any DOCTYPE.
 */
export function parseXml(bytes: Uint8Array): XmlDocument {
  const text = xmlText(bytes);
  if (/<!DOCTYPE/i.test(text)) throw new XmlError('expected no DOCTYPE');
  if (oversizedTag.test(text)) throw new XmlError('expected shorter tags');
  // The validator accepts references behind the root element, which the parser then ignores.
  if (XMLValidator.validate(text) !== true || !/>\s*$/.test(text)) throw new XmlError('expected well-formed XML');
  const [root, ...others] = Object.entries(parsed(text));
  // The validator accepts a second root after an empty element, and CDATA beside the root.
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
    // The parser's own messages quote the document.
    throw error instanceof XmlError ? error : new XmlError('expected XML that can be parsed');
  }
}

/** Refuses text between child elements: in these replies it is the rest of a damaged element. */
function assertUnmixed(value: XmlValue): void {
  if (typeof value === 'string') return;
  for (const [name, child] of Object.entries(value)) {
    if (name === textName && typeof child === 'string' && child.trim() !== '') {
      throw new XmlError('expected no text between elements');
    }
    assertUnmixed(child);
  }
}
