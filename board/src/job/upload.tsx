/** Sends a file to the signed URL of a job, and starts the job. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { takeFile } from '../create/chosen-file.ts';
import { md5Of } from '../create/md5.ts';
import { request } from '../gateway.ts';
import { Said } from '../parts/said.tsx';
import { startDocument } from './job-actions.ts';
import type { SignedUrl } from './job-document.ts';
import { put } from './put.ts';

interface Props {
  readonly jobId: string;
  readonly target: SignedUrl;
  readonly what: 'file' | 'specification';
  /** In base64, as the job was created with. */
  readonly md5Hash: string | undefined;
  readonly onDone: () => void;
}

export default function Upload({ jobId, target, what, md5Hash, onDone }: Props) {
  const [progress, setProgress] = useState<number | undefined>();
  const [message, setMessage] = useState('');
  const [fault, setFault] = useState('');
  const sending = useRef<AbortController | undefined>(undefined);

  async function upload(file: File): Promise<void> {
    const controller = new AbortController();
    sending.current = controller;
    setFault('');
    setProgress(0);
    try {
      setMessage(`Comparing ${file.name} with what the job expects`);
      if (md5Hash !== undefined && (await md5Of(file)) !== md5Hash)
        throw new Error(`${file.name} is not the ${what} that the job was created for: its MD5 hash is another.`);
      setMessage(`Sending ${file.name}`);
      await put({ url: target.url, file, md5Hash, onProgress: setProgress, signal: controller.signal });
      setMessage(`${file.name} is sent. Starting the job`);
      await startJob(jobId);
      setMessage(`${file.name} is sent, and the job is started.`);
      onDone();
    } catch (error) {
      setMessage('');
      setFault(error instanceof Error ? error.message : String(error));
    }
    setProgress(undefined);
  }

  // Whoever has chosen the file in the form need not choose it again.
  useEffect(() => {
    const file = takeFile(jobId);
    if (file) void upload(file);
    return () => sending.current?.abort();
  }, []);

  const isSending = progress !== undefined;
  useEffect(() => {
    if (!isSending) return undefined;
    // The browser then asks whether to leave.
    const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', onLeave);
    return () => removeEventListener('beforeunload', onLeave);
  }, [isSending]);

  return (
    <section aria-labelledby="upload">
      <h2 id="upload">Send the {what}</h2>
      {progress === undefined ? (
        <label>
          The {what}
          <input
            type="file"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              if (file) void upload(file);
            }}
          />
        </label>
      ) : (
        <div class="actions">
          <progress max={1} value={progress} aria-label="Sent" />
          <span>{Math.round(progress * 100)} %</span>
          <button type="button" onClick={() => sending.current?.abort()}>
            Stop
          </button>
        </div>
      )}
      <Said text={message} />
      {fault && (
        <p role="alert" class="fault">
          {fault}
        </p>
      )}
      <p class="hint">
        It goes from this page to S3 itself, and the job then starts by itself.
        {isSending && ' Stay on this page until then.'}
      </p>
    </section>
  );
}

async function startJob(id: string): Promise<void> {
  const { data, errors } = await request(startDocument, { id }).catch(() => {
    throw new Error('The file is sent, but the gateway did not say whether the job is started. Send the file again.');
  });
  const fault = errors?.[0]?.message ?? data?.payload.userErrors[0]?.message;
  if (fault !== undefined) throw new Error(`The file is sent, but the job is not started: ${fault}`);
}
