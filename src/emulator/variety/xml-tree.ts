/** The XML of the emulator's own replies as a tree, to be changed before it is written in another spelling. */
export interface XmlNode {
  readonly name: string;
  readonly children: readonly XmlNode[];
  /** Of a node without children, references decoded. */
  readonly text: string;
}

interface OpenNode {
  readonly name: string;
  readonly children: XmlNode[];
  text: string;
}

const piece = /<(\/?)(\w+)[^>]*?(\/?)>|([^<]+)/g;

/** Takes what `import-export/xml.ts` writes and no more: no CDATA, no comments, no attributes but the namespace. */
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

/** `node` with its children changed; those that become undefined are left out. */
export function withChildren(node: XmlNode, change: (child: XmlNode) => XmlNode | undefined): XmlNode {
  return { ...node, children: node.children.flatMap((child) => change(child) ?? []) };
}

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', '#13': '\r' };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|#13);/g, (reference, name: string) => signs[name] ?? reference);
}
