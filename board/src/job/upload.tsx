/** Sends a file to the signed URL of a job, and starts the job. */
import { useState } from 'preact/hooks';
import { request } from '../gateway.ts';
import type { SignedUrl } from './job-document.ts';

interface Props {
  readonly jobId: string;
  readonly target: SignedUrl;
  /** In base64, as the job was created with. */
  readonly md5Hash: string | undefined;
  readonly onDone: () => void;
}

const start = 'mutation Start($id: ID!) { startDataExchangeJob(id: $id) { job { id } userErrors { message } } }';

export function Upload({ jobId, target, md5Hash, onDone }: Props) {
  const [progress, setProgress] = useState<number | undefined>();
  const [message, setMessage] = useState('');

  async function upload(file: File): Promise<void> {
    setMessage('');
    try {
      await put(target.url, file, md5Hash, setProgress);
      const { data, errors } = await request<{
        startDataExchangeJob: { userErrors: readonly { readonly message: string }[] };
      }>(start, { id: jobId });
      setMessage(
        errors?.[0]?.message ??
          data?.startDataExchangeJob.userErrors[0]?.message ??
          'Uploaded, and the job is started.',
      );
    } catch (error) {
      setMessage(error instanceof Error ? error.message : String(error));
    }
    setProgress(undefined);
    onDone();
  }

  return (
    <section aria-labelledby="upload">
      <h2 id="upload">Upload the file</h2>
      <label>
        File
        <input
          type="file"
          disabled={progress !== undefined}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) void upload(file);
          }}
        />
      </label>
      {progress !== undefined && (
        <progress max={1} value={progress} aria-label="Uploaded">
          {Math.round(progress * 100)} %
        </progress>
      )}
      <p role="status">{message}</p>
    </section>
  );
}

/** `fetch` does not say how much of a body has been sent. */
function put(url: string, file: File, md5Hash: string | undefined, onProgress: (part: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open('PUT', url);
    // The store refuses a body with another hash.
    if (md5Hash !== undefined) sending.setRequestHeader('content-md5', md5Hash);
    sending.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    sending.onload = () => {
      if (sending.status < 300) resolve();
      else
        reject(new Error(`The store refused the file with ${sending.status}. Its MD5 hash must be that of the job.`));
    };
    sending.onerror = () =>
      reject(new Error('The file could not be sent: the store did not answer, or the browser may not ask it.'));
    sending.send(file);
  });
}
