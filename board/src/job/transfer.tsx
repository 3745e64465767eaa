/** The file that a job of Data Exchange waits for, or offers. */
import { useEffect, useState } from 'preact/hooks';
import { later } from '../parts/later.tsx';
import { Time } from '../parts/time.tsx';
import { type DataExchangeJob, knownDetails, needsUpload, type SignedUrl } from './job-document.ts';

/** With the hash of the file, which is a fifth of the page. */
const Upload = later('form for the upload', () => import('./upload.tsx'));

interface Props {
  readonly job: DataExchangeJob;
  readonly mayWrite: boolean;
  readonly onDone: () => void;
}

export function Transfer({ job, mayWrite, onDone }: Props) {
  if (job.type === 'EXPORT_ASSET_TO_SIGNED_URL' && job.state === 'COMPLETED')
    return <Download target={knownDetails(job).download ?? undefined} onExpired={onDone} />;
  if (!needsUpload(job) || job.state !== 'WAITING' || !mayWrite) return null;
  const { upload, specificationUpload, md5Hash, specificationMd5Hash } = knownDetails(job);
  const target = upload ?? specificationUpload;
  if (!target)
    return (
      <p class="notice">The time for the upload is over. Cancel this job, and create it again to upload the file.</p>
    );
  return (
    <Upload
      jobId={job.id}
      target={target}
      what={upload ? 'file' : 'specification'}
      md5Hash={md5Hash ?? specificationMd5Hash ?? undefined}
      onDone={onDone}
    />
  );
}

function Download({ target, onExpired }: { readonly target: SignedUrl | undefined; readonly onExpired: () => void }) {
  const [, setIsOver] = useState(false);
  useEffect(() => {
    if (target === undefined) return undefined;
    const timer = setTimeout(
      () => {
        setIsOver(true);
        onExpired();
      },
      Math.max(0, Date.parse(target.expiresAt) - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [target?.url]);
  if (target === undefined || Date.parse(target.expiresAt) <= Date.now())
    return <p class="notice">The link to the file has expired. “Repeat” makes a new one.</p>;
  return (
    <p class="notice">
      <a class="button" href={target.url} rel="noreferrer" download>
        Download the file
      </a>{' '}
      <span class="hint">
        The link expires <Time at={target.expiresAt} />.
      </span>
    </p>
  );
}
