/** Writes the text of a manifest: a typed one as YAML, a caller's own text unchanged. */
import { stringify } from 'yaml';
import type { ImportExportManifest, ManifestText } from '../../model/import-export-manifest.ts';
import { faultsAt, type InputFault } from '../../model/input-fault.ts';
import { faultsIn } from '../input/checks.ts';
import { notOneKind } from '../input/one-kind.ts';
import { faultsInWhole } from '../input/whole-size.ts';
import { assertNone } from './input-rules.ts';
import { exportFromS3Fields, importToGlacierFields, importToS3Fields } from './manifest-fields.ts';
import { manifestRules } from './manifest-rules.ts';
import { faultsInText, textFailure } from './manifest-text.ts';

/**
 * The text of `manifest` for the service. Throws `INVALID_INPUT`, or `INVALID_MANIFEST` for a caller's own text, with all
 * faults; their `field` begins with `manifest`.
 */
export function manifestText(manifest: ImportExportManifest): ManifestText {
  const faults = faultsInManifest(manifest);
  const { importToS3, importToGlacier, exportFromS3, text } = manifest;
  if (text != null && faults.length > 0) throw textFailure(faults);
  assertNone(faults);
  if (importToS3) return { direction: 'IMPORT', text: yaml(importToS3Fields(importToS3)) };
  if (importToGlacier) return { direction: 'IMPORT', text: yaml(importToGlacierFields(importToGlacier)) };
  if (exportFromS3) return { direction: 'EXPORT', text: yaml(exportFromS3Fields(exportFromS3)) };
  if (text) return text;
  throw new TypeError('expected a manifest without faults to have a member');
}

/** All faults of `manifest` that can be seen before it is sent. Their `field` begins with `manifest`. */
export function faultsInManifest(manifest: ImportExportManifest): readonly InputFault[] {
  const kinds = [manifest.importToS3, manifest.importToGlacier, manifest.exportFromS3, manifest.text];
  const count = kinds.filter((kind) => kind != null).length;
  if (count !== 1) return faultsAt(['manifest'], [notOneKind(count, 'The manifest must be of exactly one kind')]);
  return faultsAt(['manifest'], faultsInKind(manifest));
}

function faultsInKind(manifest: ImportExportManifest): readonly InputFault[] {
  if (manifest.text != null) return faultsAt(['text'], faultsInText(manifest.text.text));
  for (const kind of typedKinds) {
    const given = manifest[kind];
    if (given == null) continue;
    const faults = faultsIn(manifestRules[kind], given);
    // The gateway writes the name of the program, and not the caller.
    return faultsAt([kind], faults.length > 0 ? faults : faultsInWhole({ ...given, generator: null }));
  }
  return [];
}

const typedKinds = ['importToS3', 'importToGlacier', 'exportFromS3'] as const;

/**
 * Quotes every value: `yes`, `2.0` and `5D992` are text to the service and must be text to any reader of YAML. Leaves
 * out absent members.
 */
function yaml(fields: object): string {
  const text = stringify(fields, (_name: unknown, value: unknown) => value ?? undefined, {
    defaultKeyType: 'PLAIN',
    defaultStringType: 'QUOTE_DOUBLE',
    // One line for each value: the service reads line by line.
    doubleQuotedAsJSON: true,
    lineWidth: 0,
  });
  return text.replace(/[\u007F-\u009F]/g, escaped);
}

/** Escapes control characters that JSON leaves bare and YAML forbids (YAML 1.2, "Character Set"). No key has one. */
function escaped(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`;
}
