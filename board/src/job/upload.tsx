/** Sends a file to the signed URL of a job, and starts the job. */
import { useEffect } from 'preact/hooks';
import { takeFile } from '../create/chosen-file.ts';
import { md5Of } from '../create/md5.ts';
import { request } from '../gateway.ts';
import { Said } from '../parts/said.tsx';
import { startDocument } from './job-actions.ts';
import type { SignedUrl } from './job-document.ts';
import { put } from './put.ts';
import { beginUpload, changeUpload, showUpload, stopUpload, useUpload } from './uploads.ts';

interface Props {
  readonly jobId: string;
  readonly target: SignedUrl;
  readonly what: 'file' | 'specification';
  /** In base64, as the job was created with. */
  readonly md5Hash: string | undefined;
  readonly onDone: () => void;
}

export default function Upload(props: Props) {
  const { jobId, what, onDone } = props;
  const upload = useUpload(jobId);
  const state = upload?.state;
  useEffect(() => {
    // Whoever has chosen the file in the form need not choose it again.
    const file = takeFile(jobId);
    if (file) void send(file, props);
    return showUpload(jobId);
  }, []);
  useEffect(() => {
    if (state === 'done') onDone();
  }, [state]);
  return (
    <section aria-labelledby="upload">
      <h2 id="upload">Send the {what}</h2>
      {upload?.state === 'sending' ? (
        <div class="actions">
          <progress max={1} value={upload.progress} aria-label="Sent" />
          <span>{Math.round(upload.progress * 100)} %</span>
          <button type="button" onClick={() => stopUpload(jobId)}>
            Stop
          </button>
        </div>
      ) : (
        <label>
          The {what}
          <input
            type="file"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              if (file) void send(file, props);
            }}
          />
        </label>
      )}
      <Said text={upload && state !== 'failed' ? upload.message : ''} />
      {upload && state === 'failed' && (
        <p role="alert" class="fault">
          {upload.message}
        </p>
      )}
      <p class="hint">
        It goes from this tab to S3 itself, and the job then starts by itself.
        {state === 'sending' && ' Leave the tab open until then; you may look at other pages of the board.'}
      </p>
    </section>
  );
}

async function send(file: File, { jobId, target, what, md5Hash }: Props): Promise<void> {
  const { name } = file;
  const signal = beginUpload(jobId, name);
  const say = (message: string): void => changeUpload(jobId, { message });
  try {
    say(`Comparing ${name} with what the job expects`);
    if (md5Hash !== undefined && (await md5Of(file)) !== md5Hash)
      throw new Error(`${name} is not the ${what} that the job was created for: its MD5 hash is another.`);
    say(`Sending ${name}`);
    const onProgress = (progress: number): void => changeUpload(jobId, { progress });
    await put({ url: target.url, file, md5Hash, onProgress, signal });
    say(`${name} is sent. Starting the job`);
    await startJob(jobId);
    changeUpload(jobId, { state: 'done', message: `${name} is sent, and the job is started.` });
  } catch (error) {
    changeUpload(jobId, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function startJob(id: string): Promise<void> {
  const { data, errors } = await request(startDocument, { id }).catch(() => {
    throw new Error('The file is sent, but the gateway did not say whether the job is started. Send the file again.');
  });
  const fault = errors?.[0]?.message ?? data?.payload.userErrors[0]?.message;
  if (fault !== undefined) throw new Error(`The file is sent, but the job is not started: ${fault}`);
}
