/**
 * Parses a manifest: names and values, nested by indentation. The service called the format YAML, but its own documents
 * contain forms that no YAML parser accepts, above all `key:value` without a space. This parser accepts those beside
 * YAML's blocks. YAML's inline lists and maps count as plain text.
 */
import { malformedManifest } from './errors.ts';
import { isBlank, type Line, linesFrom } from './manifest-lines.ts';
import { blockHeader, blockText, scalarFrom } from './manifest-scalar.ts';

export type ManifestNode = string | ManifestNode[] | ManifestMap;
export type ManifestMap = Map<string, ManifestNode>;

/** No manifest nests deeper than three levels; the bound protects the stack. */
const maxDepth = 20;

/** Throws MalformedManifestException, also for control characters that YAML forbids. Of a repeated name the last one counts. */
export function readManifest(manifest: string): ManifestMap {
  if (/[^\P{Cc}\t\r\n\u0085]/u.test(manifest)) throw malformedManifest();
  const reader = new ManifestReader(linesFrom(manifest));
  return reader.readAll();
}

class ManifestReader {
  readonly #lines: Line[];
  #next = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = [...lines];
  }

  readAll(): ManifestMap {
    const map = this.#readMap(this.#peek()?.indent ?? 0, 0);
    if (map.size === 0 || this.#peek() !== undefined) throw malformedManifest();
    return map;
  }

  #readMap(indent: number, depth: number): ManifestMap {
    if (depth > maxDepth) throw malformedManifest();
    const map: ManifestMap = new Map();
    let column = indent;
    for (let line = this.#peek(); line?.indent === column && !isListItem(line); line = this.#peek()) {
      this.#next += 1;
      const [name, text] = nameAndText(line.text);
      if (depth === 0 && map.size === 0) column = this.#columnAfterFirst(text, column);
      map.set(name, this.#readValue(text, column, depth));
    }
    return map;
  }

  /**
   * The indentation of the entries after the first. The sample in the help of the AWS CLI has its first line at the
   * margin and all others indented by a space; in YAML the second would continue the plain text of the first, in which
   * it could be no entry.
   */
  #columnAfterFirst(text: string, indent: number): number {
    const line = this.#peek();
    const isIndentedEntry = line !== undefined && line.indent > indent && entryStart.test(line.text);
    return isIndentedEntry && /^[^&!|>[{]/.test(text) ? line.indent : indent;
  }

  #readValue(text: string, indent: number, depth: number): ManifestNode {
    const [, style, ending] = blockHeader.exec(text) ?? [];
    if (style !== undefined) return blockText(style, ending ?? '', this.#takeRaw(indent));
    return text === '' ? this.#readNested(indent, depth) : scalarFrom(this.#readContinued(text, indent));
  }

  /** The value under a name without a value. A list need not be indented deeper than its name. */
  #readNested(indent: number, depth: number): ManifestNode {
    const line = this.#peek();
    if (line === undefined || line.indent < indent) return '';
    if (isListItem(line)) return this.#readList(line.indent, depth + 1);
    return line.indent > indent ? this.#readMap(line.indent, depth + 1) : '';
  }

  #readList(indent: number, depth: number): ManifestNode[] {
    const items: ManifestNode[] = [];
    for (let line = this.#peek(); line?.indent === indent && isListItem(line); line = this.#peek()) {
      items.push(this.#readItem(line, depth));
    }
    return items;
  }

  /** An item that is a map begins on the line of its dash; the rest of that line is the first line of the map. */
  #readItem(line: Line, depth: number): ManifestNode {
    const text = line.text.slice(1).trimStart();
    if (!/^[A-Za-z][\w.-]*\s*:/.test(text)) {
      this.#next += 1;
      return this.#readValue(text, line.indent, depth);
    }
    const indent = line.indent + line.text.length - text.length;
    this.#lines[this.#next] = { indent, text, raw: line.raw };
    return this.#readMap(indent, depth + 1);
  }

  /** A plain or quoted text may continue on deeper lines. */
  #readContinued(text: string, indent: number): string {
    const parts = [text];
    for (let line = this.#peek(); line !== undefined && line.indent > indent; line = this.#peek()) {
      parts.push(line.text);
      this.#next += 1;
    }
    return parts.join(' ');
  }

  /** The raw lines deeper than `indent`, with blank ones. */
  #takeRaw(indent: number): readonly string[] {
    const raw: string[] = [];
    for (let line = this.#lines[this.#next]; line !== undefined; line = this.#lines[this.#next]) {
      if (line.raw.trim() !== '' && line.indent <= indent) break;
      raw.push(line.raw);
      this.#next += 1;
    }
    return raw;
  }

  /** The next line that is not blank. */
  #peek(): Line | undefined {
    let line = this.#lines[this.#next];
    while (line !== undefined && isBlank(line)) line = this.#lines[++this.#next];
    return line;
  }
}

/** A name and its colon, but not the `//` of a URL after it. */
const entryStart = /^["']?[A-Za-z]\w*["']?\s*:(?![\\/])/;

function isListItem({ text }: Line): boolean {
  return text === '-' || text.startsWith('- ');
}

/** Splits at the first colon, with or without a space after it. */
function nameAndText(text: string): readonly [string, string] {
  const [, quotedName, name, value] = /^(?:["']([^"']+)["']|([^:]+?))\s*:\s*(.*)$/s.exec(text) ?? [];
  if (value === undefined) throw malformedManifest();
  return [quotedName ?? name ?? '', value];
}
