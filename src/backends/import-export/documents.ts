/** Converts the secrets and links of GetStatus into what callers may see. */

import { Secret } from '../../base/secret.ts';
import type { ImportExportDocuments, JobSignature } from '../../model/import-export-job.ts';
import { withoutSecrets } from './manifest-secrets.ts';
import type { DocumentsResult } from './results.ts';

export function documentsFrom(result: DocumentsResult): ImportExportDocuments {
  return {
    manifest: result.CurrentManifest === null ? null : new Secret(withoutSecrets(result.CurrentManifest)),
    signature: signatureFrom(result),
    artifacts: result.ArtifactList.flatMap((artifact) =>
      artifact?.URL == null ? [] : [{ description: artifact.Description ?? '', url: new Secret(artifact.URL) }],
    ),
  };
}

/** Keeps white space, as the customer copies the file to the device byte for byte. */
function signatureFrom({
  Signature: value,
  SignatureFileContents: fileContents,
}: DocumentsResult): Secret<JobSignature> | null {
  return value !== null && fileContents !== null ? new Secret({ value, fileContents }) : null;
}
