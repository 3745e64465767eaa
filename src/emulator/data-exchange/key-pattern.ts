/** Builds the object keys of an export of revisions (Data Exchange User Guide, "Key patterns"). */
import type { Asset, DataSet, Revision } from './catalog.ts';
import { instantText } from './instant.ts';

interface Exported {
  readonly asset: Asset;
  readonly dataSet: DataSet;
  readonly revision: Revision;
}

const references: Readonly<Record<string, (exported: Exported) => string>> = {
  '${Asset.Id}': ({ asset }) => asset.id,
  '${Asset.Name}': ({ asset }) => asset.name,
  '${DataSet.Id}': ({ dataSet }) => dataSet.id,
  '${DataSet.Name}': ({ dataSet }) => dataSet.name,
  '${Revision.CreatedAt}': ({ revision }) => instantText(revision.createdAt),
  '${Revision.CreatedAt.Day}': ({ revision }) => instantText(revision.createdAt).slice(8, 10),
  '${Revision.CreatedAt.Month}': ({ revision }) => instantText(revision.createdAt).slice(5, 7),
  '${Revision.CreatedAt.Year}': ({ revision }) => instantText(revision.createdAt).slice(0, 4),
  '${Revision.Id}': ({ revision }) => revision.id,
};

/** A reference, or an unclosed one. */
const reference = /\$\{[^}]*\}?/g;

/** Whether all references are known and at least one distinguishes assets. */
export function isKeyPattern(pattern: string): boolean {
  const used = pattern.match(reference) ?? [];
  return used.every((text) => text in references) && used.some((text) => text.startsWith('${Asset.'));
}

/** Without a pattern the key is the asset's name. */
export function keyFrom(pattern: string | undefined, exported: Exported): string {
  if (pattern === undefined) return exported.asset.name;
  return pattern.replace(reference, (text) => references[text]?.(exported) ?? text);
}
