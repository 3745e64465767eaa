/** Marks a manifest with its create, in a field that the service documents and ignores. */
import type { ImportExportManifest, ManifestText } from '../model/import-export-manifest.ts';
import { fits, sizes } from '../model/job-input-sizes.ts';

/** `generator:` at the start of any line. */
const generatorLine = /^[\uFEFF \t]*["']?generator["']?[ \t]*:/im;

/** The first line that can only be an entry of the outermost map: it follows white space, not a bracket or a dash. */
const firstEntry = /^(\uFEFF?)([ \t]*)["']?[A-Za-z]\w*["']?[ \t]*:(?![\\/])/m;

/**
 * What may precede it: blank lines, comments, directives, the document start. Each line end matches in one way only:
 * with two ways, thirty line ends took minutes.
 */
const preamble = /^(?:\uFEFF?[ \t]*(?:#.*|---.*|%.*)?(?:\r\n|\r(?!\n)|\n|$))*$/;

/**
 * A first entry with a plain or quoted value that is followed by a more indented entry, as in the sample of the AWS
 * CLI's help: the first line is at the margin, all others are indented by a space. The mark goes between the two, with
 * the indentation of the others.
 */
const deeperEntry =
  /^(\uFEFF?([ \t]*)["']?[A-Za-z]\w*["']?[ \t]*:[ \t]*[^\s&!|>[{#][^\r\n]*(?:\r\n|\r(?!\n)|\n)(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r(?!\n)|\n))*)(\2[ \t]+)["']?[A-Za-z]\w*["']?[ \t]*:(?![\\/])/;

/** What every mark begins with. */
export const generatorStart = 'waybill/';

export function generatorFrom(mark: string): string {
  return `${generatorStart}${mark.slice(0, 32)}`;
}

/** The mark in the text of a manifest, of a create of any gateway; undefined without one. */
export function generatorIn(manifest: string): string | undefined {
  return /waybill\/[\w-]{32}/.exec(manifest)?.[0];
}

/** `manifest` with `generator`; undefined if its text names another generator, or has no place for one. */
export function markedManifest(manifest: ImportExportManifest, generator: string): ImportExportManifest | undefined {
  const { importToS3, importToGlacier, exportFromS3, text } = manifest;
  if (importToS3) return { importToS3: { ...importToS3, generator } };
  if (importToGlacier) return { importToGlacier: { ...importToGlacier, generator } };
  if (exportFromS3) return { exportFromS3: { ...exportFromS3, generator } };
  const marked = text && markedText(text, generator);
  return marked ? { text: marked } : undefined;
}

function markedText({ direction, text }: ManifestText, generator: string): ManifestText | undefined {
  const entry = firstEntry.exec(text);
  if (entry === null || generatorLine.test(text) || !preamble.test(text.slice(0, entry.index))) return undefined;
  const [, mark = '', indentation = ''] = entry;
  const beside = deeperEntry.exec(text.slice(entry.index));
  const at = entry.index + (beside?.[1]?.length ?? mark.length);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const marked = `${text.slice(0, at)}${beside?.[3] ?? indentation}generator: ${generator}${end}${text.slice(at)}`;
  return fits(Buffer.byteLength(marked), sizes.manifestText) ? { direction, text: marked } : undefined;
}
