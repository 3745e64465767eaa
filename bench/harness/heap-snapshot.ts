/** Compares two heap snapshots by constructor. */
import { readFileSync } from 'node:fs';

/** V8's format, as far as it is read here. */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly unknown[] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

interface Kind {
  count: number;
  bytes: number;
}

function kindsIn(file: string): Map<string, Kind> {
  const { snapshot, nodes, strings }: HeapSnapshot = JSON.parse(readFileSync(file, 'utf8'));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const typeNames = types[0] as readonly string[];
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  const kinds = new Map<string, Kind>();
  for (let offset = 0; offset < nodes.length; offset += fields.length) {
    const read = (field = 0): number => nodes[offset + field] ?? 0;
    const typeName = typeNames[read(type)] ?? '';
    const isNamed = typeName !== 'string' && typeName !== 'concatenated string' && typeName !== 'sliced string';
    const key = isNamed ? `${typeName} ${(strings[read(name)] ?? '').slice(0, 70)}` : typeName;
    const kind = kinds.get(key) ?? { count: 0, bytes: 0 };
    kind.count += 1;
    kind.bytes += read(size);
    kinds.set(key, kind);
  }
  return kinds;
}

export interface HeapDifference extends Readonly<Kind> {
  readonly name: string;
}

/** Sorted by growth, largest first. */
export function heapDifferences(beforeFile: string, afterFile: string): readonly HeapDifference[] {
  const before = kindsIn(beforeFile);
  return [...kindsIn(afterFile)]
    .map(([name, { count, bytes }]) => {
      const old = before.get(name) ?? { count: 0, bytes: 0 };
      return { name, count: count - old.count, bytes: bytes - old.bytes };
    })
    .sort((a, b) => b.bytes - a.bytes);
}
