/** Parses the emulator's own XML replies into a tree, which the variety changes and writes in another spelling. */
export interface XmlNode {
  readonly name: string;
  readonly children: readonly XmlNode[];
  /** The decoded text of a node without children. */
  readonly text: string;
}

interface OpenNode {
  readonly name: string;
  readonly children: XmlNode[];
  text: string;
}

const piece = /<(\/?)(\w+)[^>]*?(\/?)>|([^<]+)/g;

/** Parses only what `import-export/xml.ts` writes: no CDATA, no comments, and no attributes except the namespace. */
export function xmlTree(document: string): XmlNode {
  const outside: OpenNode = { name: '', children: [], text: '' };
  const path = [outside];
  for (const [, closing, name = '', empty, text = ''] of document.trim().matchAll(piece)) {
    const current = path.at(-1) ?? outside;
    if (name === '') current.text += decoded(text);
    else if (closing) path.pop();
    else {
      const node = { name, children: [], text: '' };
      current.children.push(node);
      if (!empty) path.push(node);
    }
  }
  const [root] = outside.children;
  if (root === undefined) throw new Error('expected a root element, received none');
  return root;
}

export function childOf(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => child.name === name);
}

/** `node` with its children changed; a child that becomes undefined is removed. */
export function withChildren(node: XmlNode, change: (child: XmlNode) => XmlNode | undefined): XmlNode {
  return { ...node, children: node.children.flatMap((child) => change(child) ?? []) };
}

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', '#13': '\r' };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|#13);/g, (reference, name: string) => signs[name] ?? reference);
}
