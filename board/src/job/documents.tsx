/** The papers of a disk: its manifest, its SIGNATURE file, and what AWS has made for the parcel. */
import { useEffect, useState } from 'preact/hooks';
import type { ImportExportJob } from './job-document.ts';

export function Documents({
  job: { manifest, signature, artifacts = [], isFinished },
}: {
  readonly job: ImportExportJob;
}) {
  if (!manifest && !signature && artifacts.length === 0)
    return (
      <section aria-labelledby="documents">
        <h2 id="documents">Documents</h2>
        <p class="hint">The manifest is not shown: your token may not read it, or the service no longer returns it.</p>
      </section>
    );
  return (
    <section aria-labelledby="documents">
      <h2 id="documents">Documents</h2>
      <ul>
        {artifacts.map(({ description, url }) => (
          <li key={url}>
            <a href={url} rel="noreferrer" target="_blank">
              {description}
            </a>
          </li>
        ))}
        {signature && !isFinished && (
          <li>
            <Saved name="SIGNATURE" text={signature.fileContents} />, to write to the root of the disk
          </li>
        )}
      </ul>
      {manifest && (
        <>
          <h3>Manifest</h3>
          <pre>{manifest}</pre>
        </>
      )}
    </section>
  );
}

/** A link that saves a text as a file. */
function Saved({ name, text }: { readonly name: string; readonly text: string }) {
  const [url, setUrl] = useState<string | undefined>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([text]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return (
    <a href={url} download={name}>
      The file {name}
    </a>
  );
}
