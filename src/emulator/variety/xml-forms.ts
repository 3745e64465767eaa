/** Writes an XML document in another spelling: varies the order of members, the white space and the forms of text. */
import type { Choices, Fact } from './choices.ts';
import type { XmlNode } from './xml-tree.ts';

/** The API reference's samples have the first, the service's model the second; clients ignore both. */
const namespaces = ['http://importexport.amazonaws.com/', 'http://importexport.amazonaws.com/doc/2010-06-01/'];
const declarations = ['', '<?xml version="1.0"?>\n', '<?xml version="1.0" encoding="UTF-8"?>\n'];
/** The white space between two elements: none, line ends, or an indent for each level. */
const indents: readonly ((depth: number) => string)[] = [
  () => '',
  () => '\n',
  (depth) => `\n${'  '.repeat(depth)}`,
  (depth) => `\r\n${'\t'.repeat(depth)}`,
];

interface Spelling {
  readonly choices: Choices;
  readonly facts: readonly Fact[];
  readonly indent: (depth: number) => string;
}

/** Varies what XML 1.0 leaves open and clients of this service must ignore. */
export function respelledXml(root: XmlNode, choices: Choices, ...facts: readonly Fact[]): string {
  const pick = <Item>(items: readonly Item[], what: string) => items[choices.below(items.length, what, ...facts)];
  const namespace = pick(namespaces, 'namespace') ?? '';
  const indent = pick(indents, 'indent') ?? (() => '');
  const document = serialized(root, { choices, facts, indent }, 0);
  // The first occurrence of the name is the opening tag.
  const namespaced = document.replace(root.name, `${root.name} xmlns="${namespace}"`);
  return `${pick(declarations, 'declaration')}${namespaced}\n`;
}

function serialized(node: XmlNode, spelling: Spelling, depth: number): string {
  const { name, children, text } = node;
  const { choices, facts, indent } = spelling;
  if (children.length > 0) {
    const inner = reordered(children, spelling).map((child, index) =>
      serialized(child, { ...spelling, facts: [...facts, name, index] }, depth + 1),
    );
    return `<${name}>${inner.map((child) => indent(depth + 1) + child).join('')}${indent(depth)}</${name}>`;
  }
  if (text === '' && choices.isChosen(0.5, 'empty', name, ...facts)) return `<${name}/>`;
  return `<${name}>${textForm(text, choices, [...facts, name])}</${name}>`;
}

/** The order of a list has a meaning; that of members has none. */
function reordered(children: readonly XmlNode[], { choices, facts }: Spelling): readonly XmlNode[] {
  if (children.some(({ name }) => name === 'member')) return children;
  const rank = ({ name }: XmlNode) => choices.fraction('order', name, ...facts);
  return [...children].sort((a, b) => rank(a) - rank(b));
}

function textForm(text: string, choices: Choices, facts: readonly Fact[]): string {
  // Splits by code points, as a lone surrogate is no character.
  const characters = Array.from(text);
  const middle = choices.below(characters.length + 1, 'middle', ...facts);
  const forms = [
    () => escaped(text),
    () => escaped(text).replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
    () => referenced(characters, middle),
    () => section(text),
    () => escaped(characters.slice(0, middle).join('')) + section(characters.slice(middle).join('')),
  ];
  return (forms[choices.below(forms.length, 'text', ...facts)] ?? (() => escaped(text)))();
}

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function escaped(text: string): string {
  return text.replace(/[&<>\r]/g, (sign) => references[sign] ?? sign);
}

/** One character as a decimal reference, and CR as a hexadecimal one. */
function referenced(characters: readonly string[], at: number): string {
  return characters
    .map((character, index) => (index === at ? `&#${character.codePointAt(0)};` : escaped(character)))
    .join('')
    .replaceAll('&#13;', '&#xD;');
}

/** As CDATA, except what a section cannot contain: a CR, which a parser would read as LF, and the section's own end. */
function section(text: string): string {
  return text
    .split('\r')
    .map((part) => (part === '' ? '' : `<![CDATA[${part.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`))
    .join('&#13;');
}
