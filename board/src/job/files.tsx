/** What is sent to and taken from a job: an upload, a download, documents for the parcel. */
import type { Viewer } from '../viewer.ts';
import type { Job, SignedUrl } from './job-document.ts';
import { Upload } from './upload.tsx';

interface Props {
  readonly job: Job;
  readonly viewer: Viewer;
  readonly onDone: () => void;
}

export function Files({ job, viewer, onDone }: Props) {
  if (!viewer.mayReadSecrets) return null;
  if (job.service === 'IMPORT_EXPORT')
    return job.artifacts?.length ? (
      <section aria-labelledby="artifacts">
        <h2 id="artifacts">Documents</h2>
        <ul>
          {job.artifacts.map(({ description, url }) => (
            <li key={url}>
              <a href={url} rel="noreferrer" target="_blank">
                {description}
              </a>
            </li>
          ))}
        </ul>
      </section>
    ) : null;
  const { download, upload, specificationUpload, md5Hash } = (job.details ?? {}) as {
    readonly download?: SignedUrl | null;
    readonly upload?: SignedUrl | null;
    readonly specificationUpload?: SignedUrl | null;
    readonly md5Hash?: string | null;
  };
  const target = upload ?? specificationUpload;
  return (
    <>
      {download && job.state === 'COMPLETED' && (
        <p>
          <a class="button" href={download.url} rel="noreferrer" download>
            Download the file
          </a>
        </p>
      )}
      {target && job.state === 'WAITING' && (
        <Upload jobId={job.id} target={target} md5Hash={md5Hash ?? undefined} onDone={onDone} />
      )}
    </>
  );
}
