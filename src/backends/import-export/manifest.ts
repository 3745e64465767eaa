/** Writes the text of a manifest: a typed one as YAML, a caller's own text unchanged. */
import { stringify } from 'yaml';
import type { ImportExportManifest, ManifestText } from '../../model/import-export-manifest.ts';
import { failure } from './errors.ts';
import { assertValid } from './input-rules.ts';
import { exportFromS3Fields, importToGlacierFields, importToS3Fields } from './manifest-fields.ts';
import { manifestRules } from './manifest-rules.ts';
import { assertScannable } from './manifest-text.ts';

/**
 * The text of `manifest` for the service. Throws `INVALID_INPUT`, or `INVALID_MANIFEST` for a caller's own text, with a
 * `field` that begins with `manifest`. Messages do not show the value at fault.
 */
export function manifestText(manifest: ImportExportManifest): ManifestText {
  const { importToS3, importToGlacier, exportFromS3, text } = manifest;
  const kinds = [importToS3, importToGlacier, exportFromS3, text].filter((kind) => kind != null);
  if (kinds.length !== 1) throw oneKindFailure();

  if (importToS3) {
    assertValid(manifestRules.importToS3, importToS3, ['manifest', 'importToS3']);
    return { direction: 'IMPORT', text: yaml(importToS3Fields(importToS3)) };
  }
  if (importToGlacier) {
    assertValid(manifestRules.importToGlacier, importToGlacier, ['manifest', 'importToGlacier']);
    return { direction: 'IMPORT', text: yaml(importToGlacierFields(importToGlacier)) };
  }
  if (exportFromS3) {
    assertValid(manifestRules.exportFromS3, exportFromS3, ['manifest', 'exportFromS3']);
    return { direction: 'EXPORT', text: yaml(exportFromS3Fields(exportFromS3)) };
  }
  if (!text) throw oneKindFailure();
  assertScannable(text.text);
  return text;
}

function oneKindFailure() {
  return failure({
    code: 'INVALID_INPUT',
    message: 'manifest must have exactly one member.',
    field: ['manifest'],
  });
}

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
