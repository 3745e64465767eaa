/** The files that are being sent while another page is shown, and those that could not be. */
import { Link } from 'wouter-preact';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { forgetUpload, useHiddenUploads } from './uploads.ts';

export function HiddenUploads() {
  return (
    <>
      {[...useHiddenUploads()].map(([jobId, { fileName, state, progress, message }]) =>
        state === 'sending' ? (
          <p key={jobId} class="notice">
            <Link href={`/jobs/${jobId}`}>Sending {fileName}</Link>: {Math.round(progress * 100)} %
          </p>
        ) : (
          <FailureNotice key={jobId} href={`/jobs/${jobId}`} title={fileName} onClose={() => forgetUpload(jobId)}>
            {message}
          </FailureNotice>
        ),
      )}
    </>
  );
}
